//! Pages of lists and versions of what can be edited: what every resource shares. Whoever saw an older version than the
//! one that is there can refuse to change it unseen.

use convoke_people::text;
use convoke_store::StoreError;
use convoke_store::named::NamedPage;
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::error::{Error, Hindrance, Result};

/// Items of a page if nobody says, and at most.
pub const PAGE: u32 = 50;
pub const LONGEST_PAGE: u32 = 500;
/// How often a change is made anew that met another one.
const TRIES: u32 = 10;
/// Bytes of a digest that tell two states of a resource apart.
const DIGEST_BYTES: usize = 8;

/// What a request says about the page of a list by name.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub limit: Option<u32>,
    pub after: Option<String>,
    /// What names begin with, without regard to case.
    pub name: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// What to send as `after` for the page behind; null on the last one.
    #[schema(required)]
    pub next: Option<String>,
}

/// How long a page is.
pub fn length(limit: Option<u32>) -> Result<u32> {
    match limit {
        None => Ok(PAGE),
        Some(limit) if (1..=LONGEST_PAGE).contains(&limit) => Ok(limit),
        Some(limit) => {
            Err(Error::usage(format!("limit: {limit} is not from 1 to {LONGEST_PAGE}"), "Leave it out for 50."))
        }
    }
}

impl Asked {
    /// The page with one more item than it shows, which tells whether there is another.
    pub(super) fn page(&self) -> Result<NamedPage> {
        let after = self.after.as_deref().map(cursor).transpose()?;
        let prefix = self.name.as_deref().map(text::key).unwrap_or_default();
        if prefix.contains(char::is_control) {
            return Err(Error::usage("name: it has characters that cannot be seen", "Leave them out."));
        }
        Ok(NamedPage { prefix, after, most: length(self.limit)? + 1 })
    }
}

/// Where a page ends: the id of its last item and its name in compared form.
fn cursor(after: &str) -> Result<(String, i64)> {
    let wrong =
        || Error::usage("after: this is not the \"next\" of a page", "Begin with the first page: leave it out.");
    let (id, key) = after.split_once('.').ok_or_else(wrong)?;
    let id = i64::from_str_radix(id, 16).map_err(|_| wrong())?;
    if id < 0 || key.contains(char::is_control) {
        return Err(wrong());
    }
    Ok((key.to_owned(), id))
}

/// Cuts a page to its length; `place` gives id and name of an item.
pub(super) fn cut<S, T>(
    mut found: Vec<S>,
    page: &NamedPage,
    place: impl Fn(&S) -> (i64, &str),
    shape: impl Fn(&S) -> T,
) -> Page<T> {
    let most = page.most as usize - 1;
    let is_last = found.len() <= most;
    found.truncate(most);
    let next = found.last().filter(|_| !is_last).map(|last| {
        let (id, name) = place(last);
        format!("{id:x}.{}", text::key(name))
    });
    Page { items: found.iter().map(shape).collect(), next }
}

/// A resource as it is shown, and how often it was edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<T> {
    pub shape: T,
    pub version: i64,
}

impl<T: Serialize> Versioned<T> {
    /// The strong ETag: the version of what can be edited, and a digest of all that is shown, counts included.
    pub fn etag(&self) -> String {
        let shown = serde_json::to_vec(&self.shape).unwrap_or_default();
        let digest = Sha256::digest(&shown);
        let hex: String = digest.iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect();
        format!("\"{}-{hex}\"", self.version)
    }
}

/// Which versions whoever asks for a change has seen (`If-Match`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// It does not matter.
    #[default]
    Any,
    Versions(Vec<i64>),
}

impl Seen {
    /// Reads `If-Match`. Only the version counts: nobody edits how many people are in a group, so nobody is refused
    /// because somebody joined it.
    pub fn parse(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let tags = header.split(',').filter_map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"'));
        Self::Versions(tags.filter_map(|tag| tag.split_once('-')?.0.parse().ok()).collect())
    }

    pub(crate) fn refuse_other(&self, version: i64) -> Result<()> {
        match self {
            Self::Versions(seen) if !seen.contains(&version) => {
                Err(Error::ChangedMeanwhile("It was changed since you have seen it".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// Tries anew while another change comes first: `change` gives None if it met one.
pub(crate) fn until_done<T>(mut change: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    for _ in 0..TRIES {
        if let Some(done) = change()? {
            return Ok(done);
        }
    }
    Err(StoreError::Busy("it changes all the time".to_owned()).into())
}

/// In a change: what is left out stays. `null` is told from nothing.
pub(crate) fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    from: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// Asks for consent before people are concerned.
pub(super) fn need_consent(confirm: bool, people: u64, what: &str, more: &[String]) -> Result<()> {
    if confirm || people == 0 && more.is_empty() {
        return Ok(());
    }
    let mut reasons = more.to_vec();
    if people > 0 {
        let noun = if people == 1 { "person" } else { "people" };
        reasons.insert(0, format!("{people} {noun}"));
    }
    Err(Error::hindered(
        Hindrance::ConsentNeeded,
        format!("{what} concerns {}", reasons.join("; ")),
        "If that is meant, repeat the request with ?confirm=true.",
    ))
}
