//! The one place that knows which state of an import follows which.

use convoke_store::StoreError;
use convoke_store::imports::ImportState;

use crate::error::Result;

/// What happens to an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Refuse,
    Check,
    Checked,
    /// A check found that the file cannot be read as it was chosen.
    GiveBack,
    /// Something was chosen otherwise, or corrected.
    Revise,
    Confirm,
    Claim,
    Pause,
    Resume,
    /// The process that runs it ends; another one goes on.
    HandBack,
    Finish,
    Fail,
    Cancel,
    /// A dry run ends with its check.
    EndDryRun,
}

impl Event {
    pub const ALL: [Self; 14] = [
        Self::Refuse,
        Self::Check,
        Self::Checked,
        Self::GiveBack,
        Self::Revise,
        Self::Confirm,
        Self::Claim,
        Self::Pause,
        Self::Resume,
        Self::HandBack,
        Self::Finish,
        Self::Fail,
        Self::Cancel,
        Self::EndDryRun,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Check => "check",
            Self::Checked => "checked",
            Self::GiveBack => "give back",
            Self::Revise => "revise",
            Self::Confirm => "confirm",
            Self::Claim => "claim",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::HandBack => "hand back",
            Self::Finish => "finish",
            Self::Fail => "fail",
            Self::Cancel => "cancel",
            Self::EndDryRun => "end dry run",
        }
    }
}

/// The state after `event`, or None if it cannot happen in `state`.
pub fn next(state: ImportState, event: Event) -> Option<ImportState> {
    use ImportState as S;
    match (state, event) {
        // What waits is refused when its stop rule is judged, just before it would begin.
        (S::Draft | S::Checking | S::Ready | S::Pending | S::Paused, Event::Refuse) => Some(S::Refused),
        (S::Draft | S::Ready, Event::Check) => Some(S::Checking),
        (S::Checking, Event::Checked) => Some(S::Ready),
        (S::Checking, Event::GiveBack) | (S::Draft | S::Ready, Event::Revise) => Some(S::Draft),
        (S::Checking | S::Ready, Event::EndDryRun) => Some(S::Completed),
        // Without a review, as from the command line, a draft is confirmed as it is.
        (S::Draft | S::Ready, Event::Confirm) => Some(S::Pending),
        // A running import whose worker is gone is claimed by the next one.
        (S::Paused, Event::Resume) => Some(S::Pending),
        (S::Pending | S::Running, Event::Claim) => Some(S::Running),
        (S::Pending | S::Running, Event::Pause) => Some(S::Paused),
        (S::Running, Event::HandBack) => Some(S::Pending),
        (S::Running, Event::Finish) => Some(S::Completed),
        (S::Checking | S::Pending | S::Running | S::Paused, Event::Fail) => Some(S::Failed),
        (S::Draft | S::Checking | S::Ready | S::Pending | S::Running | S::Paused, Event::Cancel) => Some(S::Cancelled),
        _ => None,
    }
}

/// The state after `event`; an event that cannot happen in `state` is a mistake of ours.
pub(crate) fn after(state: ImportState, event: Event) -> Result<ImportState> {
    let wrong = || StoreError::Bug(format!("an import that is {} cannot {}", state.key(), event.key()));
    Ok(next(state, event).ok_or_else(wrong)?)
}

/// The whole table, as the docs print it.
pub fn transition_table() -> String {
    let mut table = String::from("| state | event | next state |\n|---|---|---|\n");
    for state in ImportState::ALL {
        for event in Event::ALL {
            if let Some(next) = next(state, event) {
                table.push_str(&format!("| {} | {} | {} |\n", state.key(), event.key(), next.key()));
            }
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_an_end_state() {
        for state in [ImportState::Refused, ImportState::Completed, ImportState::Failed, ImportState::Cancelled] {
            assert!(Event::ALL.iter().all(|event| next(state, *event).is_none()));
        }
    }

    #[test]
    fn every_other_state_can_be_left() {
        for state in [
            ImportState::Draft,
            ImportState::Checking,
            ImportState::Ready,
            ImportState::Pending,
            ImportState::Running,
            ImportState::Paused,
        ] {
            assert!(Event::ALL.iter().any(|event| next(state, *event).is_some()));
        }
    }
}
