//! The sandbox alone: runs a program or grades a bundle many times and prints what it costs, as JSON.

use assay::sandbox::{Budget, Control, Observer, Run, Sandboxes, SandboxesOptions, Tree};
use std::path::PathBuf;
use std::time::{Duration, Instant};

struct Deaf;

impl Observer for Deaf {
    fn event(&mut self, event: &str, control: &mut dyn Control) -> Result<(), String> {
        println!("event {event} at {}", control.used());
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let options = SandboxesOptions {
        slots: 1,
        max_memory_bytes: 512 << 20,
        component: PathBuf::from(&args[1]),
        compiled: std::env::temp_dir().join("assay-compiled"),
    };
    let sandboxes = Sandboxes::open(&options, &|line| eprintln!("{line}"))?;
    let rt = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    rt.block_on(async {
        let source = std::fs::read(&args[2])?;
        let files =
            assay::domain::files::FileSet::from_iter([(assay::domain::files::FilePath::parse("main.py")?, source)]);
        for _ in 0..args.get(3).map_or(Ok(1), |n| n.parse())? {
            let mut tree = Tree::new();
            tree.give("work", &files);
            let began = Instant::now();
            let outcome = sandboxes
                .run(
                    Run {
                        job: r#"{"kind":"program","argv":["main.py"]}"#.into(),
                        tree,
                        stdin: bytes::Bytes::new(),
                        budget: Budget {
                            instructions: 18_000_000_000,
                            memory_bytes: 128 << 20,
                            output_bytes: 65536,
                            backstop: Duration::from_secs(60),
                        },
                    },
                    Deaf,
                )
                .await?;
            let shown: String = outcome.output.chars().take(3000).collect();
            println!(
                "{:?} {} instr, {} MiB, refused {}, {:?}\n{shown}",
                outcome.ending,
                outcome.instructions,
                outcome.peak_memory_bytes >> 20,
                outcome.memory_refused,
                began.elapsed()
            );
        }
        Ok(())
    })
}
