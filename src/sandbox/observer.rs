//! Whoever hears what a run tells while it runs, and what it may do to the run: the interface `progress` of the contract.

use super::contract::Event;
use super::ending::{Ending, Refused};
use super::limits;
use super::state::State;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

/// Hears what a run tells while it runs.
pub trait Observer: Send + 'static {
    /// One event. A refusal ends the run as [`Ending::BadEvent`].
    ///
    /// # Errors
    /// Where the event does not fit what came before.
    fn event(&mut self, event: Event, control: &mut dyn Control) -> Result<(), String>;
}

/// What an observer may do to the run it hears from.
pub trait Control {
    /// Instructions that the submission has used since the run began.
    fn used(&mut self) -> u64;
    /// Grants the submission instructions in place of what is left of the last grant.
    fn grant(&mut self, instructions: u64);
    /// How the learner's program ended, where it has a sandbox of its own and ended early since this was last asked.
    fn take_ending(&mut self) -> Option<Ending>;
    /// What was printed since the last taking.
    fn take_output(&mut self) -> String;
}

/// An observer that can be taken back as what it was.
pub trait Listener: Observer {
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
}

impl<O: Observer> Listener for O {
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any> {
        self
    }
}

struct Controls<'a, 'b>(&'a mut StoreContextMut<'b, State>);

impl Control for Controls<'_, '_> {
    fn used(&mut self) -> u64 {
        if let Some(meeting) = &self.0.data().meeting {
            return meeting.used();
        }
        let left = self.0.get_fuel().unwrap_or(0);
        self.0.data().meter.used(left)
    }

    fn grant(&mut self, instructions: u64) {
        let own = match &mut self.0.data_mut().meeting {
            Some(meeting) => {
                meeting.grant(instructions);
                grader_allowance(instructions)
            }
            None => instructions,
        };
        // Fails only where fuel is not metered, which the engine always does.
        let _ = limits::grant(self.0, |state| &mut state.meter, own);
    }

    fn take_ending(&mut self) -> Option<Ending> {
        self.0
            .data_mut()
            .meeting
            .as_mut()
            .and_then(|meeting| meeting.ended.take())
    }

    fn take_output(&mut self) -> String {
        self.0.data().output.take()
    }
}

/// Instructions that a grader may use while a program has this budget: what a program sends is to be read as well, so a
/// program that sends without end should come to its own end first.
pub fn grader_allowance(learner: u64) -> u64 {
    learner.saturating_mul(4).saturating_add(2_000_000_000)
}

fn tell(mut store: StoreContextMut<'_, State>, event: Event) -> wasmtime::Result<()> {
    let Some(mut observer) = store.data_mut().observer.take() else {
        return Ok(());
    };
    let heard = observer.event(event, &mut Controls(&mut store));
    store.data_mut().observer = Some(observer);
    heard.map_err(|reason| wasmtime::Error::from(Refused(reason)))
}

/// The interface `progress`.
pub fn link(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut progress = linker.instance("assay:grader/progress@1.0.0")?;
    progress.func_wrap("plan", |store, (tests,)| tell(store, Event::Plan(tests)))?;
    progress.func_wrap("load-error", |store, (file, diagnostic)| {
        tell(store, Event::LoadError(file, diagnostic))
    })?;
    progress.func_wrap("start", |store, (name,)| tell(store, Event::Start(name)))?;
    progress.func_wrap("finish", |store, (name, outcome)| {
        tell(store, Event::Finish(name, outcome))
    })?;
    progress.func_wrap("log", |store, (text,)| tell(store, Event::Log(text)))?;
    Ok(())
}
