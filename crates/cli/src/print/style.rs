//! Colour, where it helps and only on a terminal: everything is understood without it.

use std::io::IsTerminal;

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Plain,
    Strong,
    Faint,
    Good,
    Warning,
    Bad,
}

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    is_coloured: bool,
}

impl Style {
    /// Colours on a terminal unless `NO_COLOR` is set (no-color.org).
    #[expect(clippy::disallowed_methods, reason = "the environment is read once, in cli")]
    pub(crate) fn of_stdout() -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { is_coloured: std::io::stdout().is_terminal() && !forbidden }
    }

    /// The text, coloured as it is meant.
    pub(crate) fn paint(self, mood: Mood, text: &str) -> String {
        let code = match mood {
            _ if !self.is_coloured => return text.to_owned(),
            Mood::Plain => return text.to_owned(),
            Mood::Strong => "1",
            Mood::Faint => "2",
            Mood::Good => "32",
            Mood::Warning => "33",
            Mood::Bad => "31",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
