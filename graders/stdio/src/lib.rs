//! Grades whole programs by what they read and print: argv and standard input in, standard output out.
//!
//! Imports nothing but the contract; the submission runs in a sandbox of its own, once per case.

mod compare;
mod grading;
mod suite;

wit_bindgen::generate!({
    path: "../wit",
    world: "grader",
});

struct Stdio;

export!(Stdio);

impl Guest for Stdio {
    fn grade(job: Job) -> Result<(), String> {
        let suite = suite::Suite::read(&job)?;
        grading::run(&job, &suite);
        Ok(())
    }
}
