//! What a match does to a field: keep, fill or overwrite. A blank cell never changes anything.

use serde::{Deserialize, Serialize};

/// How a value of a file meets a value that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// What is there stays, blank or not.
    Keep,
    /// Written only where nothing is there.
    Fill,
    /// Written over what is there; a list of values is replaced whole.
    Overwrite,
}

impl Policy {
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "keep" => Some(Self::Keep),
            "fill" => Some(Self::Fill),
            "overwrite" => Some(Self::Overwrite),
            _ => None,
        }
    }

    pub fn key(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Fill => "fill",
            Self::Overwrite => "overwrite",
        }
    }

    /// Whether a filled cell is written over `there`.
    pub fn writes_over(self, there: Option<&str>) -> bool {
        match self {
            Self::Keep => false,
            Self::Fill => there.is_none(),
            Self::Overwrite => true,
        }
    }
}
