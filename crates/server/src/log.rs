//! The log of a server or worker, on stderr: structured, one line a request and one an error. Never in it: addresses, tokens,
//! cells, names of files, query strings. What databases and libraries answer is cut to its first line, because they put
//! values behind it.

use convoke_app::Error;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    #[default]
    Text,
    /// An object a line.
    Json,
}

impl Format {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// The names of levels, from the quietest to the most talkative.
pub const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// Writes the log from now on. `level` is one of [`LEVELS`]; ours speaks up to it. Libraries say nothing: their events hold
/// requests and rows.
pub fn begin(format: Format, level: &str) {
    let level = level.parse().unwrap_or(LevelFilter::INFO);
    let ours = ["convoke_server", "convoke_app", "convoke"].into_iter();
    let targets = ours.fold(Targets::new(), |targets, name| targets.with_target(name, level));
    let registry = tracing_subscriber::registry().with(targets);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).with_target(false);
    // What a panic says may hold cells.
    convoke_app::mistakes::watch(|place| tracing::error!(place, "a mistake of the program"));
    // A second beginning, as in a test of several servers, changes nothing.
    let _ = match format {
        Format::Text => registry.with(lines).try_init(),
        Format::Json => registry.with(lines.json().flatten_event(true).with_current_span(true)).try_init(),
    };
}

/// What failed, with its code and cause.
pub(crate) fn fault(what: &str, error: &Error) {
    let place = match error {
        Error::Mistake { place, .. } => Some(place),
        _ => None,
    };
    tracing::error!(code = error.code(), cause = cause(error), place, "{what}");
}

/// The first line of what an error says.
pub(crate) fn cause(error: &Error) -> String {
    match error {
        // They quote the request, and a refusal the file.
        Error::Usage { .. } | Error::NotFound { .. } | Error::Conflict { .. } | Error::Refused(_) => String::new(),
        error => error.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

/// What the operator is told.
pub fn say(sentence: &str) {
    tracing::info!("{sentence}");
}
