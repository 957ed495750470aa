//! Handles: what is accepted is accepted again as it is shown, and is the same account then.
//! Invariant: every input is read for every platform and for none.

use std::path::Path;

use convoke_people::handle::{Handle, HandleError};
use convoke_people::platform::Platform;
use fastrand::Rng;

use crate::corpus;
use crate::{Target, hash_of};

pub(crate) struct Handles;

const SEEDS: &[&str] = &[
    "@anna.lee",
    "https://www.instagram.com/anna.lee/?hl=en",
    "tiktok.com/@bo",
    "youtube.com/channel/UCabcdefghijklmnopqrstuv",
    "https://youtube.com/c/Anna%20Lee",
    "linkedin.com/company/acme/about",
    "facebook.com/profile.php?id=100001234567890",
    "@anna@social.example.org",
    "https://social.example.org/@anna@other.example.com",
    "anna.bsky.social",
    "x.com/anna/status/1?s=20",
    "twitch.tv/anna (main)",
    "＠Änna",
    "«threads.net/@anna»,",
    "UCabcdefghijklmnopqrstuv",
    "http://m.facebook.com:80/people/Anna/1234/#a",
];

impl Target for Handles {
    fn seeds(&self, corpora: Option<&Path>) -> Vec<Vec<u8>> {
        let mut seeds = corpus::built_in(SEEDS);
        seeds.extend(corpus::cells(corpora, "handles-own"));
        seeds
    }

    fn words(&self) -> &'static [&'static str] {
        &[
            "@",
            "＠",
            "/",
            "//",
            "https://",
            "http://www.",
            "instagram.com/",
            "youtube.com/",
            "youtu.be/",
            "linkedin.com/in/",
            "company/",
            "school/",
            "c/",
            "user/",
            "channel/",
            "u:",
            "id:",
            "profile.php?id=",
            "%40",
            "%2F",
            "%00",
            "%C3%A9",
            "%",
            "?",
            "#",
            ":443",
            ".",
            "..",
            "_",
            "-",
            "İ",
            "ß",
            "ſ",
            "K",
            "\u{200B}",
            "\u{202E}",
            "\u{301}",
            "e\u{301}",
            "ﬁ",
            "①",
            "．",
            "。",
            "xn--",
            " (",
            " - ",
            "\"",
            "<",
            ">",
            ",",
        ]
    }

    fn try_input(&self, input: &[u8], _rng: &mut Rng) -> u64 {
        let text = String::from_utf8_lossy(input);
        let given = Platform::ALL.into_iter().map(Some).chain([None]);
        hash_of(given.map(|given| judge(given, &text)).collect::<Vec<_>>())
    }
}

fn judge(given: Option<Platform>, text: &str) -> (u8, u8, bool) {
    let by_address = Handle::from_profile_url(given, text);
    let parsed = Handle::parse(given, text);
    for (handle, _) in [&parsed, &by_address].into_iter().flatten() {
        assert!(given.is_none_or(|given| given == handle.platform), "{handle:?} is none of {given:?}");
        let again = Handle::parse(Some(handle.platform), &handle.display).map(|(handle, _)| handle);
        match again {
            Ok(again) => assert_eq!(again.key, handle.key, "shown as {:?} it is another account", handle.display),
            Err(error) => panic!("{handle:?} of {given:?} is not accepted as it is shown: {error}"),
        }
    }
    let kind = match parsed {
        Ok((handle, unusual)) => return (0, handle.key.find(':').is_some().into(), unusual.is_some()),
        Err(HandleError::Blank) => 1,
        Err(HandleError::PlatformBlank) => 2,
        Err(HandleError::PlatformUnknown) => 3,
        Err(HandleError::Invalid { .. }) => 4,
        Err(HandleError::PlatformMismatch { .. }) => 5,
        Err(HandleError::NotAProfileUrl) => 6,
        Err(HandleError::ShortLink) => 7,
    };
    (kind, 0, by_address.is_ok())
}
