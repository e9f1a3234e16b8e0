//! Examples for the OpenAPI document.

use serde_json::{Value, json};

/// A finished submission.
pub fn submission() -> Value {
    json!({
        "id": "0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10", "exercise": "leap", "exercise_version": 3, "learner": "u-123",
        "status": "finished", "verdict": "failed", "score": 7.0, "max_score": 9.0, "attempt": 2,
        "tests": [{
            "name": "LeapTest.test_year_not_divisible_by_4", "status": "failed", "score": 0.0, "max_score": 1.0,
            "visibility": "visible", "message": "leap_year(2015) returned True, expected False", "expected": "False",
            "actual": "True", "output": "", "hint": null, "usage": {"instructions": 812_345, "wall_ms": 0.4}
        }],
        "hidden": {"passed": 1, "failed": 0, "total": 1, "score": 1.0, "max_score": 1.0},
        "diagnostics": [], "output": "",
        "usage": {"instructions": 10_234_567, "peak_memory_bytes": 41_943_040, "cpu_ms": 2.1, "wall_ms": 2.4},
        "grader": "unittest@1", "runtime": "python@3.14.0+1", "isolation": "separate",
        "timings": {"queued_ms": 1.2, "grading_ms": 5.0},
        "created_at": "2026-01-05T08:00:00.000Z", "started_at": "2026-01-05T08:00:00.001Z",
        "finished_at": "2026-01-05T08:00:00.006Z",
        "links": {
            "self": "/v1/submissions/0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10",
            "events": "/v1/submissions/0193f3a0-5a52-7c9e-a9f5-4f1f6a3f2b10/events"
        }
    })
}

/// A submission in a list.
pub fn summary() -> Value {
    let mut summary = submission();
    if let Some(fields) = summary.as_object_mut() {
        let full = [
            "tests",
            "hidden",
            "diagnostics",
            "output",
            "usage",
            "grader",
            "runtime",
            "isolation",
            "timings",
        ];
        fields.retain(|name, _| !full.contains(&name.as_str()));
    }
    summary
}

/// An exercise as learners may see it.
pub fn exercise() -> Value {
    json!({
        "slug": "leap", "version": 3, "title": "Leap", "statement": "# Leap\n\nSay whether a year is a leap year.\n",
        "submission_files": ["leap.py"], "starter": {"leap.py": "def leap_year(year):\n    pass\n"},
        "tests": [{"name": "LeapTest.test_year_not_divisible_by_4", "max_score": 1.0}], "hidden_tests_count": 1,
        "hints_count": 2, "limits": {"time_ms": 2000, "memory_mb": 128, "output_kb": 64}, "isolation": "separate",
        "grader": "unittest", "runtime": "python"
    })
}

/// A bundle that verified.
pub fn verification() -> Value {
    json!({
        "tests": [{"name": "LeapTest.test_year_not_divisible_by_4", "file": "leap_test.py", "line": 7}],
        "solutions": [{
            "solution": "solution", "verdict": "passed", "score": 9.0, "max_score": 9.0, "not_passed": [],
            "instructions": 10_234_567, "peak_memory_bytes": 41_943_040
        }, {
            "solution": "wrong/always-true", "verdict": "failed", "score": 4.0, "max_score": 9.0,
            "not_passed": ["LeapTest.test_year_not_divisible_by_4"], "instructions": 10_198_320,
            "peak_memory_bytes": 41_943_040
        }],
        "findings": []
    })
}
