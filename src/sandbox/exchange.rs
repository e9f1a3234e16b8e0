//! The interfaces `learner` and `peer` of the contract: what a grader asks of the rendezvous, and what a program does.

use super::clock;
use super::contract::{File, Program, ProgramEnded, Reply};
use super::ending::Refused;
use super::limits;
use super::rendezvous::{Meeting, drive};
use super::state::State;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

/// Largest message that may cross, in bytes.
const MAX_MESSAGE: usize = 16 << 20;

fn meeting<'a>(store: &'a mut StoreContextMut<'_, State>) -> wasmtime::Result<&'a mut Meeting> {
    let meeting = store.data_mut().meeting.as_deref_mut();
    meeting.ok_or_else(|| {
        Refused("this exercise's tests run beside the submission: there is no program to start".into()).into()
    })
}

async fn start(store: &mut StoreContextMut<'_, State>, files: Vec<File>) -> wasmtime::Result<Result<(), ProgramEnded>> {
    let job = serve_job(&files);
    let meeting = meeting(store)?;
    let mut running = meeting.begin(job, &files, Vec::new()).await?;
    match drive(&mut running).await? {
        Ok(_) => {
            meeting.running = Some(running);
            meeting.last = None;
            Ok(Ok(()))
        }
        Err(finished) => Ok(Err(meeting.finished(finished, &running.output))),
    }
}

async fn exchange(
    store: &mut StoreContextMut<'_, State>,
    message: Vec<u8>,
) -> wasmtime::Result<Result<Reply, ProgramEnded>> {
    let slept = store.data().slept.clone();
    let meeting = meeting(store)?;
    let Some(mut running) = meeting.running.take() else {
        let ended = meeting.last.clone();
        return ended
            .map(Err)
            .ok_or_else(|| Refused("exchange: no program was started".into()).into());
    };
    if message.len() > MAX_MESSAGE {
        return Err(Refused(format!("exchange: a message may have {MAX_MESSAGE} bytes")).into());
    }
    let waited = slept.nanos().saturating_sub(running.told);
    running.slept.add(waited);
    running.added += waited;
    {
        let mut mail = running.mailbox.lock();
        mail.to_learner = Some(message);
        mail.grant = meeting.grant.take();
    }
    let driven = drive(&mut running).await?;
    // Whatever time the program took passes for the grader too; the other way round only sleeping does.
    let used = running.mailbox.lock().used;
    let passed = running.slept.nanos().saturating_sub(running.added) + clock::nanos_of(used);
    slept.add(passed.saturating_sub(running.heard));
    running.heard = passed;
    running.told = slept.nanos();
    match driven {
        Ok(message) => {
            let printed = running.output.drain();
            meeting.running = Some(running);
            Ok(Ok(Reply { message, printed }))
        }
        Err(finished) => Ok(Err(meeting.finished(finished, &running.output))),
    }
}

async fn run(store: &mut StoreContextMut<'_, State>, program: Program) -> wasmtime::Result<ProgramEnded> {
    let meeting = meeting(store)?;
    if program.argv.is_empty() {
        return Err(Refused("run: argv names no file to run".into()).into());
    }
    let names: Vec<&str> = program.files.iter().map(|file| file.path.as_str()).collect();
    let job = serde_json::json!({"kind": "program", "argv": program.argv, "submission_files": names}).to_string();
    let mut running = meeting.begin(job, &program.files, program.stdin).await?;
    loop {
        match drive(&mut running).await? {
            // It is alone: whatever it tells its peer, nobody answers anything of use.
            Ok(_) => running.mailbox.lock().to_learner = Some(Vec::new()),
            Err(finished) => return Ok(meeting.whole(finished, &running.output)),
        }
    }
}

fn serve_job(files: &[File]) -> String {
    let files: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    serde_json::json!({"kind": "serve", "submission_files": files}).to_string()
}

/// The interface `learner` of the contract.
pub fn link_learner(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut learner = linker.instance("assay:grader/learner@1.0.0")?;
    learner.func_wrap_async("start", |mut store, (files,): (Vec<File>,)| {
        Box::new(async move { Ok((start(&mut store, files).await?,)) })
    })?;
    learner.func_wrap_async("exchange", |mut store, (message,): (Vec<u8>,)| {
        Box::new(async move { Ok((exchange(&mut store, message).await?,)) })
    })?;
    learner.func_wrap_async("run", |mut store, (program,): (Program,)| {
        Box::new(async move { Ok((run(&mut store, program).await?,)) })
    })?;
    learner.func_wrap("used", |mut store, ()| Ok((meeting(&mut store)?.used(),)))?;
    Ok(())
}

/// The interface `peer` of the contract.
pub fn link_peer(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut peer = linker.instance("assay:grader/peer@1.0.0")?;
    peer.func_wrap_async(
        "exchange",
        |mut store: StoreContextMut<'_, State>, (message,): (Vec<u8>,)| {
            Box::new(async move {
                let Some(mailbox) = store.data().mailbox.clone() else {
                    return Err(Refused("there is no grader to exchange messages with".into()).into());
                };
                if message.len() > MAX_MESSAGE {
                    return Err(Refused(format!("a message may have {MAX_MESSAGE} bytes")).into());
                }
                let left = store.get_fuel()?;
                {
                    let mut mail = mailbox.lock();
                    mail.used = store.data().meter.used(left);
                    mail.peak_memory_bytes = store.data().peak_memory_bytes();
                    mail.from_learner = Some(message);
                }
                let (next, grant) = mailbox.next().await;
                if let Some(instructions) = grant {
                    limits::grant(&mut store, |state| &mut state.meter, instructions)?;
                    store.data().free_output();
                }
                Ok((next,))
            })
        },
    )?;
    Ok(())
}
