//! The platforms whose handles Convoke knows: codes, names, aliases and hosts, one row a platform.
//! Codes are stored and keys are in the API: neither ever changes.

use serde::{Deserialize, Serialize};

use crate::text;

/// A platform on which a creator can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(i16)]
pub enum Platform {
    Instagram = 1,
    TikTok = 2,
    YouTube = 3,
    X = 4,
    Twitch = 5,
    Facebook = 6,
    Pinterest = 7,
    Snapchat = 8,
    LinkedIn = 9,
    Threads = 10,
    Bluesky = 11,
    Mastodon = 12,
}

struct Row {
    key: &'static str,
    name: &'static str,
    /// In lower case, besides key, name and hosts. Compared without blanks and punctuation: `Tik-Tok` needs no line.
    aliases: &'static [&'static str],
    /// Hosts whose paths are profiles, in lower case, without `www.` and locale.
    hosts: &'static [&'static str],
}

/// One row a platform, in the order of the codes.
static ROWS: [Row; 12] = [
    Row { key: "instagram", name: "Instagram", aliases: &["ig", "insta"], hosts: &["instagram.com", "instagr.am"] },
    Row { key: "tiktok", name: "TikTok", aliases: &["tt"], hosts: &["tiktok.com"] },
    Row { key: "youtube", name: "YouTube", aliases: &["yt"], hosts: &["youtube.com"] },
    Row {
        key: "x",
        name: "X",
        aliases: &["twitter", "x/twitter", "twitter/x", "x (formerly twitter)", "x (ex-twitter)"],
        hosts: &["x.com", "twitter.com"],
    },
    Row { key: "twitch", name: "Twitch", aliases: &[], hosts: &["twitch.tv"] },
    Row { key: "facebook", name: "Facebook", aliases: &["fb"], hosts: &["facebook.com", "fb.com", "fb.me"] },
    // Pinterest has a host per country too: see `of_host`.
    Row { key: "pinterest", name: "Pinterest", aliases: &[], hosts: &["pinterest.com"] },
    Row { key: "snapchat", name: "Snapchat", aliases: &["snap"], hosts: &["snapchat.com"] },
    Row { key: "linkedin", name: "LinkedIn", aliases: &["li"], hosts: &["linkedin.com"] },
    Row { key: "threads", name: "Threads", aliases: &[], hosts: &["threads.net", "threads.com"] },
    Row { key: "bluesky", name: "Bluesky", aliases: &["bsky"], hosts: &["bsky.app"] },
    // Any host may be a Mastodon server; these are known without being told.
    Row {
        key: "mastodon",
        name: "Mastodon",
        aliases: &[],
        hosts: &[
            "mastodon.social",
            "mastodon.online",
            "mastodon.world",
            "mstdn.social",
            "mas.to",
            "fosstodon.org",
            "hachyderm.io",
            "infosec.exchange",
        ],
    },
];

impl Platform {
    /// Every platform, in the order of the codes.
    pub const ALL: [Platform; 12] = [
        Platform::Instagram,
        Platform::TikTok,
        Platform::YouTube,
        Platform::X,
        Platform::Twitch,
        Platform::Facebook,
        Platform::Pinterest,
        Platform::Snapchat,
        Platform::LinkedIn,
        Platform::Threads,
        Platform::Bluesky,
        Platform::Mastodon,
    ];

    fn row(self) -> &'static Row {
        &ROWS[self as usize - 1]
    }

    /// The number that stands for it in the database.
    #[must_use]
    pub const fn code(self) -> i16 {
        self as i16
    }

    /// The platform of a [code](Platform::code).
    #[must_use]
    pub fn from_code(code: i16) -> Option<Platform> {
        Platform::ALL.into_iter().find(|platform| platform.code() == code)
    }

    /// Its name in addresses, files and the API: lower case, letters only.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.row().key
    }

    /// Its name as its owner writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Key and aliases, in lower case: the words people call it by.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.row().key).chain(self.row().aliases.iter().copied())
    }

    /// The platform that a cell names: by key, name, alias or host, in any case, whatever blanks and punctuation.
    #[must_use]
    pub fn parse(text: &str) -> Option<Platform> {
        let text = text::trim(text);
        let named = |platform: &Platform| {
            let row = platform.row();
            row.key.eq_ignore_ascii_case(text) || row.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(text))
        };
        if let Some(platform) = Platform::ALL.into_iter().find(named) {
            return Some(platform);
        }
        let bare = text::bare(text);
        let worded = |platform: &Platform| platform.words().any(|word| text::bare(word) == bare);
        if let Some(platform) = Platform::ALL.into_iter().find(worded) {
            return Some(platform);
        }
        if !text.contains('.') {
            return None;
        }
        let host = text.to_ascii_lowercase();
        let host = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://")).unwrap_or(&host);
        Platform::owner_of_host(host.strip_suffix('/').unwrap_or(host))
    }

    /// The platform whose profiles are at this host, given in lower case and without `www.` and locale.
    pub(crate) fn of_host(host: &str) -> Option<Platform> {
        let known = Platform::ALL.into_iter().find(|platform| platform.row().hosts.contains(&host));
        known.or_else(|| {
            let country = host.strip_prefix("pinterest.")?;
            let country = country.strip_prefix("com.").or_else(|| country.strip_prefix("co.")).unwrap_or(country);
            let is_country = country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase());
            is_country.then_some(Platform::Pinterest)
        })
    }

    /// The platform to which this host or a sub-domain of it belongs, whatever is there.
    pub(crate) fn owner_of_host(host: &str) -> Option<Platform> {
        let mut rest = host;
        loop {
            if let Some(platform) = Platform::of_host(rest) {
                return Some(platform);
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    cases! { Platform::parse;
        a_key: "instagram" => Some(Platform::Instagram);
        a_name_with_blanks: "\u{A0} TikTok " => Some(Platform::TikTok);
        capitals: "YOUTUBE" => Some(Platform::YouTube);
        ig: "IG" => Some(Platform::Instagram);
        insta: "insta" => Some(Platform::Instagram);
        tt: "tt" => Some(Platform::TikTok);
        tik_tok: "Tik Tok" => Some(Platform::TikTok);
        yt: "YT" => Some(Platform::YouTube);
        twitter: "Twitter" => Some(Platform::X);
        x: "X" => Some(Platform::X);
        x_dot_com: "x.com" => Some(Platform::X);
        both_names_of_x: "X (Twitter)" => Some(Platform::X);
        both_names_with_a_slash: "Twitter / X" => Some(Platform::X);
        an_alias_with_a_hyphen: "linked-in" => Some(Platform::LinkedIn);
        an_at: "@instagram" => Some(Platform::Instagram);
        wide_letters: "ＴｉｋＴｏｋ" => Some(Platform::TikTok);
        invisible_characters: "You\u{200B}Tube" => Some(Platform::YouTube);
        a_mobile_host: "m.facebook.com" => Some(Platform::Facebook);
        punctuation_alone: "-" => None;
        fb: "fb" => Some(Platform::Facebook);
        snap: "Snap" => Some(Platform::Snapchat);
        bsky: "bsky" => Some(Platform::Bluesky);
        li: "li" => Some(Platform::LinkedIn);
        a_host: "instagram.com" => Some(Platform::Instagram);
        an_address: "https://www.Twitch.tv/" => Some(Platform::Twitch);
        a_country_host: "pinterest.co.uk" => Some(Platform::Pinterest);
        nothing: "" => None;
        an_unknown_one: "MySpace" => None;
        an_unknown_host: "example.com" => None;
        a_profile_address: "https://www.instagram.com/anna.lee" => None;
    }

    #[test]
    fn code_key_and_name_lead_back_to_the_platform() {
        for platform in Platform::ALL {
            assert_eq!(Platform::from_code(platform.code()), Some(platform));
            assert_eq!(Platform::parse(platform.key()), Some(platform));
            assert_eq!(Platform::parse(platform.name()), Some(platform));
            let written = serde_json::to_string(&platform).expect("a word");
            assert_eq!(written, format!("\"{}\"", platform.key()));
        }
        assert_eq!(Platform::from_code(0), None);
        assert_eq!(Platform::from_code(13), None);
    }

    #[test]
    fn no_two_platforms_share_a_word() {
        for platform in Platform::ALL {
            let row = platform.row();
            for word in row.aliases.iter().chain(row.hosts) {
                assert_eq!(Platform::parse(word), Some(platform), "{word}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in any::<String>()) {
            let _ = Platform::parse(&text);
        }
    }
}
