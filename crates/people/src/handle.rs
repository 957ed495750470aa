//! Handles: `@name`, a bare name and any address of the profile are the same handle of a platform.
//! A key is equal for two writings exactly if the platform holds them for one account, as far as writing can tell.

mod address;
mod rules;

use std::borrow::Cow;
use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::platform::Platform;
use crate::text;
use address::{Address, Place};
use rules::{Rule, Rules};

/// An account on a platform, as far as its handle names it. Platform and key together are the identity.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Handle {
    pub platform: Platform,
    /// As shown: case as written, without leading `@`. Parsed again with its platform it gives the same key.
    /// What is no plain name tells its kind in front, as in addresses: `company/acme`, `c/anna`.
    pub display: String,
    /// As compared: the folded name (Facebook: without dots; Mastodon: `user@host`). Identifiers and names of
    /// another kind have a name space in front: `id:` (YouTube channel, Facebook number), `u:` and `c:` (YouTube
    /// user and custom address), `company:` and `school:` (LinkedIn).
    pub key: String,
}

/// Why a handle that is accepted should be looked at: today's sign-up rules of the platform would refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusual {
    pub reason: &'static str,
}

/// Whose address was found in place of one of the row's platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Platform(Platform),
    /// A host, in lower case, that belongs to no platform.
    Host(String),
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Platform(platform) => f.write_str(platform.name()),
            Found::Host(host) => f.write_str(host),
        }
    }
}

/// Why a text is no handle, in words for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    #[error("the handle is blank")]
    Blank,
    #[error("the name alone does not say the platform; name it, or write the address, as in instagram.com/anna.lee")]
    PlatformBlank,
    #[error("this is an address at no platform that is known; a profile's address is like instagram.com/anna.lee")]
    PlatformUnknown,
    /// The reason says what is accepted.
    #[error("{reason}")]
    Invalid { reason: &'static str },
    #[error("this is an address at {found}, not at the platform of this row")]
    PlatformMismatch { found: Found },
    #[error("this is not the address of a profile; a profile's address is like instagram.com/anna.lee")]
    NotAProfileUrl,
    #[error("this is a short link; open it and write the address it leads to")]
    ShortLink,
}

/// Bytes of the longest text that is looked at: addresses of profiles with everything a browser adds are shorter, and
/// cleaning a text of megabytes takes its square.
const LONGEST_BYTES: usize = 8_192;

const TOO_LONG: HandleError =
    HandleError::Invalid { reason: "This is too long for a handle or the address of a profile." };

impl Handle {
    /// Whether both are one account, however they are shown.
    pub fn is(&self, other: &Handle) -> bool {
        (self.platform, &self.key) == (other.platform, &other.key)
    }

    /// Reads a handle: a name with or without `@`, or the address of a profile in any of its forms.
    /// With no platform given, only the address of a profile says which one it is.
    ///
    /// # Errors
    /// What is wrong, and what is accepted instead. See [`HandleError`].
    pub fn parse(platform: Option<Platform>, text: &str) -> Result<(Handle, Option<Unusual>), HandleError> {
        if text.len() > LONGEST_BYTES {
            return Err(TOO_LONG);
        }
        let text = clean(text);
        let name = text::trim(text.trim_start_matches('@'));
        if name.is_empty() {
            return Err(HandleError::Blank);
        }
        if address::is_address(platform, name) {
            return from_address(platform, name);
        }
        let rules = rules::of(platform.ok_or(HandleError::PlatformBlank)?);
        let name = name.trim_end_matches('/');
        if name.contains('/') {
            // `company/acme`: the end of an address, and how a handle of that kind is shown.
            let (rule, name) = rules.find_kind(name).ok_or(HandleError::Invalid { reason: rules.name.accepted })?;
            return accept(rules, rule, &name);
        }
        accept(rules, &rules.name, name)
    }

    /// Reads the address of a profile, as in a column of addresses; a bare name is none.
    ///
    /// # Errors
    /// What is wrong, and what is accepted instead. See [`HandleError`].
    pub fn from_profile_url(platform: Option<Platform>, url: &str) -> Result<(Handle, Option<Unusual>), HandleError> {
        if url.len() > LONGEST_BYTES {
            return Err(TOO_LONG);
        }
        let url = clean(url);
        if url.is_empty() {
            return Err(HandleError::Blank);
        }
        if !address::is_address(platform, &url) {
            return Err(HandleError::NotAProfileUrl);
        }
        from_address(platform, &url)
    }
}

/// Pairs that people, mail programs and spreadsheets put around an address or a name.
const QUOTES: &[(char, char)] =
    &[('"', '"'), ('\'', '\''), ('`', '`'), ('<', '>'), ('“', '”'), ('„', '“'), ('‘', '’'), ('«', '»')];

/// What ends a piece of a list, and no name or address.
const LIST_SIGNS: &[char] = &[',', ';'];

/// The text without blanks around, invisible characters, one pair of quotes or angle brackets, and the comma of a list
/// behind it; in NFC, with a plain `@` for a full-width one.
fn clean(text: &str) -> Cow<'_, str> {
    let text = text::trim(text::trim(text).trim_end_matches(LIST_SIGNS));
    let inner = QUOTES.iter().find_map(|&(open, close)| text.strip_prefix(open)?.strip_suffix(close));
    let text = inner.map_or(text, text::trim);
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // What cannot be seen goes first: between a letter and its accent it would keep them apart.
    let visible = text.chars().filter(|&c| !text::is_invisible(c)).nfc().map(|c| if c == '＠' { '@' } else { c });
    let visible: String = visible.collect();
    Cow::Owned(text::trim(&visible).to_owned())
}

/// Signs that begin a remark behind an address, as in `instagram.com/anna (main)`. Behind a blank and a word the address may
/// be meant to go on, and nobody can tell how.
const REMARK_SIGNS: &[char] = &['(', '[', '-', '–', '—', '|'];

fn without_remark(text: &str) -> &str {
    let remark =
        text.char_indices().find(|&(at, c)| c.is_whitespace() && text[at..].trim_start().starts_with(REMARK_SIGNS));
    remark.map_or(text, |(at, _)| &text[..at])
}

fn from_address(given: Option<Platform>, text: &str) -> Result<(Handle, Option<Unusual>), HandleError> {
    let address = Address::split(without_remark(text)).ok_or(HandleError::NotAProfileUrl)?;
    let place = address::place_of(&address.host);
    let platform = match (place.platform(), given) {
        (Some(found), Some(given)) if found != given => {
            return Err(HandleError::PlatformMismatch { found: Found::Platform(found) });
        }
        (Some(found), _) => found,
        // Any host may be a Mastodon server, if the row says so.
        (None, Some(Platform::Mastodon)) => Platform::Mastodon,
        (None, Some(_)) => {
            return Err(HandleError::PlatformMismatch { found: Found::Host(address.host) });
        }
        (None, None) => return Err(HandleError::PlatformUnknown),
    };
    let rules = rules::of(platform);
    match place {
        Place::ShortLinks(_) => Err(HandleError::ShortLink),
        Place::Aside(_) => Err(HandleError::NotAProfileUrl),
        Place::OwnHost(_) => accept(rules, &rules.name, &address.host),
        Place::Profiles(_) | Place::Unknown => {
            let (rule, mut name) = rules.find(&address).ok_or(HandleError::NotAProfileUrl)?;
            if platform == Platform::Mastodon && !name.contains('@') {
                name = format!("{name}@{}", address.host);
            }
            // Decoding may have brought to light what `clean` removes.
            accept(rules, rule, &clean(&name))
        }
    }
}

/// The handle of a name under a rule, or under the platform's rule for identifiers if it has the form of one.
fn accept(rules: &Rules, rule: &Rule, name: &str) -> Result<(Handle, Option<Unusual>), HandleError> {
    let tidy = (rule.tidy)(name);
    let (rule, tidy) = match &rules.id {
        Some(id) if rule.space.is_empty() => {
            let tidy_id = (id.tidy)(name);
            if (id.hard)(&tidy_id) { (id, tidy_id) } else { (rule, tidy) }
        }
        _ => (rule, tidy),
    };
    if !(rule.hard)(&tidy) {
        return Err(HandleError::Invalid { reason: rule.accepted });
    }
    let unusual = (rule.soft)(&tidy).map(|reason| Unusual { reason });
    let key = [rule.space, &*(rule.key)(&tidy)].concat();
    let display = [rule.shown, &*tidy].concat();
    if address::is_address(Some(rules.platform), &display) {
        // Shown and read again it would be another account, or none: `youtube.com/www.tiktok.com`.
        return Err(HandleError::NotAProfileUrl);
    }
    Ok((Handle { platform: rules.platform, display, key }, unusual))
}

#[cfg(test)]
mod tests;
