//! Addresses of profiles taken apart: which host they are at, and the decoded parts of the path.
//! A text counts as an address only if it could not be a handle.

use std::borrow::Cow;

use crate::email::ascii_domain;
use crate::platform::Platform;

/// An address without scheme, port, user and fragment.
pub(super) struct Address<'a> {
    /// ASCII, lower case.
    pub(super) host: String,
    /// The parts of the path, decoded, without empty ones.
    pub(super) segments: Vec<Cow<'a, str>>,
    query: &'a str,
}

/// What is at a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Profiles(Platform),
    /// Links that hide where they lead.
    ShortLinks(Platform),
    /// The platform's, but not its profiles: help pages, videos.
    Aside(Platform),
    /// The host itself is the handle.
    OwnHost(Platform),
    Unknown,
}

impl Place {
    pub(super) fn platform(self) -> Option<Platform> {
        match self {
            Place::Profiles(p) | Place::ShortLinks(p) | Place::Aside(p) | Place::OwnHost(p) => Some(p),
            Place::Unknown => None,
        }
    }
}

const SHORT_LINKS: &[(&str, Platform)] = &[
    ("vm.tiktok.com", Platform::TikTok),
    ("vt.tiktok.com", Platform::TikTok),
    ("pin.it", Platform::Pinterest),
    ("lnkd.in", Platform::LinkedIn),
    ("t.co", Platform::X),
    ("t.snapchat.com", Platform::Snapchat),
    ("on.fb.me", Platform::Facebook),
];

const ASIDE: &[(&str, Platform)] = &[("youtu.be", Platform::YouTube), ("fb.watch", Platform::Facebook)];

/// Sub-domains that show the same profiles as the host itself, besides languages and countries.
const SAME_PROFILES: &[&str] = &["www", "m", "mobile", "web", "touch", "mbasic", "music"];

/// What is at a host, given in lower case.
pub(super) fn place_of(host: &str) -> Place {
    let listed = |list: &[(&str, Platform)]| list.iter().find(|(listed, _)| *listed == host).map(|(_, p)| *p);
    if let Some(platform) = listed(SHORT_LINKS) {
        return Place::ShortLinks(platform);
    }
    if let Some(platform) = listed(ASIDE) {
        return Place::Aside(platform);
    }
    if host.ends_with(".bsky.social") {
        return Place::OwnHost(Platform::Bluesky);
    }
    let Some(owner) = Platform::owner_of_host(host) else {
        return Place::Unknown;
    };
    let mut rest = host;
    while Platform::of_host(rest).is_none() {
        match rest.split_once('.') {
            Some((first, behind)) if SAME_PROFILES.contains(&first) || is_locale(first) => rest = behind,
            _ => return Place::Aside(owner),
        }
    }
    Place::Profiles(owner)
}

/// `de`, `pt-br`, `zh-hans`.
fn is_locale(label: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|b| b.is_ascii_alphabetic());
    match label.split_once('-') {
        Some((language, region)) => {
            language.len() == 2 && letters(language) && (2..=4).contains(&region.len()) && letters(region)
        }
        None => label.len() == 2 && letters(label),
    }
}

/// Whether a text is an address and not a name, for a row of this platform.
pub(super) fn is_address(platform: Option<Platform>, text: &str) -> bool {
    // Nearly every handle ends here.
    if !text.contains(['.', '/']) {
        return false;
    }
    let starts_with = |start: &str| text.get(..start.len()).is_some_and(|s| s.eq_ignore_ascii_case(start));
    if text.contains("://") || text.starts_with("//") {
        return true;
    }
    let (authority, rest) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
    // Every domain can be a handle of Bluesky, those of platforms too.
    let may_be_name = rest.is_empty() && platform == Some(Platform::Bluesky);
    if may_be_name || authority.contains('@') || !authority.contains('.') {
        return false;
    }
    let host = authority.split(':').next().unwrap_or_default();
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    let goes_on = rest.starts_with('/') && ascii_domain(&host).is_ok();
    starts_with("www.") || goes_on || place_of(&host) != Place::Unknown
}

impl<'a> Address<'a> {
    /// Takes an address apart; `None` if it has no host or its path is no UTF-8.
    pub(super) fn split(text: &'a str) -> Option<Address<'a>> {
        let text = text.split_once("://").map_or(text, |(_, behind)| behind);
        let text = text.trim_start_matches('/');
        let (authority, rest) = text.split_at(text.find(['/', '?', '#']).unwrap_or(text.len()));
        let host = authority.rsplit('@').next()?.split(':').next()?;
        let host = ascii_domain(host.strip_suffix('.').unwrap_or(host)).ok()?.into_owned();
        // `twitter.com/#!/anna`: the addresses of 2011 still stand in lists.
        let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = fragment.strip_prefix("!/").filter(|_| path.len() <= 1).unwrap_or(path);
        Some(Address { host, segments: segments(path)?, query })
    }

    /// A path alone, as it stands.
    pub(super) fn of_path(path: &'a str) -> Address<'a> {
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(Cow::Borrowed).collect();
        Address { host: String::new(), segments, query: "" }
    }

    /// The decoded value of a parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        percent_decode(value)
    }
}

/// The decoded parts of a path, without empty ones; `None` if one is no UTF-8.
fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    path.split('/').filter(|segment| !segment.is_empty()).map(percent_decode).collect()
}

/// RFC 3986 2.1, once; a `%` that starts no code stands for itself.
fn percent_decode(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains('%') {
        return Some(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).and_then(|&b| char::from(b).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        match (bytes[i], digit(i + 1), digit(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                i += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                i += 1;
            }
        }
    }
    String::from_utf8(decoded).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    cases! { place_of;
        a_host: "instagram.com" => Place::Profiles(Platform::Instagram);
        a_mobile_host: "m.youtube.com" => Place::Profiles(Platform::YouTube);
        a_host_of_a_language: "pt-br.facebook.com" => Place::Profiles(Platform::Facebook);
        a_host_of_a_country: "uk.linkedin.com" => Place::Profiles(Platform::LinkedIn);
        a_country_domain: "www.pinterest.co.uk" => Place::Profiles(Platform::Pinterest);
        a_short_host: "fb.me" => Place::Profiles(Platform::Facebook);
        short_links: "vm.tiktok.com" => Place::ShortLinks(Platform::TikTok);
        videos: "youtu.be" => Place::Aside(Platform::YouTube);
        help_pages: "help.instagram.com" => Place::Aside(Platform::Instagram);
        a_handle_of_its_own: "anna.bsky.social" => Place::OwnHost(Platform::Bluesky);
        another_host: "example.com" => Place::Unknown;
        a_host_that_only_ends_alike: "notinstagram.com" => Place::Unknown;
    }

    fn host(text: &str) -> Option<String> {
        Address::split(text).map(|address| address.host)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    cases! { host;
        upper_case_and_port: "HTTPS://WWW.Instagram.com:443/x" => some("www.instagram.com");
        no_scheme: "//x.com/anna" => some("x.com");
        a_user_before_the_host: "https://instagram.com@evil.example/anna" => some("evil.example");
        an_at_in_the_path: "https://mastodon.social/@anna" => some("mastodon.social");
        a_host_in_its_script: "https://bücher.example/@anna" => some("xn--bcher-kva.example");
        an_ip_address: "http://127.0.0.1/@anna" => None;
        no_host: "https:///anna" => None;
    }

    fn decoded(text: &str) -> Option<String> {
        percent_decode(text).map(Cow::into_owned)
    }

    cases! { decoded;
        an_at: "%40anna" => some("@anna");
        letters: "j%C3%B6rg" => some("jörg");
        a_percent_sign: "100%" => some("100%");
        only_once: "%2540" => some("%40");
        no_utf_8: "%FF" => None;
    }
}
