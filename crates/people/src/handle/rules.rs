//! What each platform accepts as a handle, one table a platform as its help pages and sign-up say.
//! A *hard* rule tells what can never be a handle; a *soft* one what today's sign-up refuses and old accounts may have.

mod names;

use std::borrow::Cow;

use super::address::Address;
use crate::platform::Platform;
use names::{
    FACEBOOK_ID, LINKEDIN_COMPANY, LINKEDIN_SCHOOL, YOUTUBE_BARE, YOUTUBE_CHANNEL, YOUTUBE_CUSTOM, YOUTUBE_USER,
};

/// How one kind of name on a platform is tidied, judged and compared.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// In front of the key; empty for plain names.
    pub(super) space: &'static str,
    /// In front of the name when shown.
    pub(super) shown: &'static str,
    pub(super) tidy: fn(&str) -> Cow<'_, str>,
    pub(super) hard: fn(&str) -> bool,
    /// What to say when the hard rule is broken: what is accepted.
    pub(super) accepted: &'static str,
    /// What is unusual, if something is.
    pub(super) soft: fn(&str) -> Option<&'static str>,
    pub(super) key: fn(&str) -> Cow<'_, str>,
}

/// Everything about the handles of one platform.
pub(super) struct Rules {
    pub(super) platform: Platform,
    /// For plain names.
    pub(super) name: Rule,
    /// For identifiers, which are recognised wherever a plain name may stand.
    pub(super) id: Option<Rule>,
    /// Paths of profiles, first match wins; what follows behind is ignored. `{}` is the name, `*` anything,
    /// `?x={}` a parameter of the query. `None` is the rule for plain names.
    paths: &'static [(&'static str, Option<&'static Rule>)],
    /// First parts of paths that are no names, besides those that start the paths above.
    reserved: &'static [&'static str],
}

/// The rules of a platform.
pub(super) const fn of(platform: Platform) -> &'static Rules {
    match platform {
        Platform::Instagram => &INSTAGRAM,
        Platform::TikTok => &TIKTOK,
        Platform::YouTube => &YOUTUBE,
        Platform::X => &X,
        Platform::Twitch => &TWITCH,
        Platform::Facebook => &FACEBOOK,
        Platform::Pinterest => &PINTEREST,
        Platform::Snapchat => &SNAPCHAT,
        Platform::LinkedIn => &LINKEDIN,
        Platform::Threads => &THREADS,
        Platform::Bluesky => &BLUESKY,
        Platform::Mastodon => &MASTODON,
    }
}

static INSTAGRAM: Rules = Rules {
    platform: Platform::Instagram,
    name: names::INSTAGRAM,
    id: None,
    paths: &[("/_u/{}", None), ("/stories/{}", None), ("/{}", None)],
    reserved: &[
        "p",
        "reel",
        "reels",
        "tv",
        "explore",
        "accounts",
        "direct",
        "about",
        "legal",
        "web",
        "s",
        "share",
        "popular",
        "highlights",
        "developer",
        "privacy",
    ],
};

static TIKTOK: Rules =
    Rules { platform: Platform::TikTok, name: names::TIKTOK, id: None, paths: &[("/@{}", None)], reserved: &[] };

static YOUTUBE: Rules = Rules {
    platform: Platform::YouTube,
    name: names::YOUTUBE,
    id: Some(YOUTUBE_CHANNEL),
    paths: &[
        ("/@{}", None),
        ("/channel/{}", Some(&YOUTUBE_CHANNEL)),
        ("/user/{}", Some(&YOUTUBE_USER)),
        ("/c/{}", Some(&YOUTUBE_CUSTOM)),
        ("/{}", Some(&YOUTUBE_BARE)),
    ],
    reserved: &[
        "watch",
        "shorts",
        "playlist",
        "results",
        "feed",
        "embed",
        "live",
        "hashtag",
        "about",
        "account",
        "clip",
        "gaming",
        "kids",
        "music",
        "post",
        "premium",
        "redirect",
        "source",
        "t",
        "trending",
        "v",
        "attribution_link",
    ],
};

static X: Rules = Rules {
    platform: Platform::X,
    name: names::X,
    id: None,
    paths: &[("/intent/user?screen_name={}", None), ("/intent/follow?screen_name={}", None), ("/{}", None)],
    reserved: &[
        "home",
        "i",
        "search",
        "hashtag",
        "explore",
        "settings",
        "messages",
        "notifications",
        "login",
        "share",
        "intent",
        "compose",
        "jobs",
        "tos",
        "privacy",
        "signup",
        "logout",
        "download",
    ],
};

static TWITCH: Rules = Rules {
    platform: Platform::Twitch,
    name: names::TWITCH,
    id: None,
    paths: &[("/{}", None)],
    reserved: &[
        "directory",
        "videos",
        "p",
        "downloads",
        "settings",
        "u",
        "popout",
        "moderator",
        "embed",
        "team",
        "search",
        "subscriptions",
        "wallet",
        "drops",
    ],
};

static FACEBOOK: Rules = Rules {
    platform: Platform::Facebook,
    name: names::FACEBOOK,
    id: Some(FACEBOOK_ID),
    paths: &[
        ("/profile.php?id={}", Some(&FACEBOOK_ID)),
        ("/people/*/{}", Some(&FACEBOOK_ID)),
        ("/pages/category/*/{}", Some(&FACEBOOK_ID)),
        ("/pages/*/{}", Some(&FACEBOOK_ID)),
        ("/p/{}", Some(&FACEBOOK_ID)),
        ("/pg/{}", None),
        ("/{}", None),
    ],
    reserved: &[
        "groups",
        "events",
        "watch",
        "reel",
        "share",
        "sharer",
        "marketplace",
        "hashtag",
        "login",
        "sharer.php",
        "share.php",
        "login.php",
        "home.php",
        "index.php",
        "l.php",
        "photo",
        "photo.php",
        "photos",
        "permalink.php",
        "story.php",
        "media",
        "videos",
        "posts",
        "stories",
        "search",
        "help",
        "business",
        "settings",
        "messages",
        "notifications",
        "gaming",
        "dialog",
        "plugins",
        "public",
        "policies",
        "legal",
        "privacy",
    ],
};

static PINTEREST: Rules = Rules {
    platform: Platform::Pinterest,
    name: names::PINTEREST,
    id: None,
    paths: &[("/{}", None)],
    reserved: &["pin", "ideas", "search", "today", "categories", "_", "settings", "business", "login", "videos"],
};

static SNAPCHAT: Rules = Rules {
    platform: Platform::Snapchat,
    name: names::SNAPCHAT,
    id: None,
    paths: &[("/add/{}", None), ("/@{}", None)],
    reserved: &[],
};

static LINKEDIN: Rules = Rules {
    platform: Platform::LinkedIn,
    name: names::LINKEDIN,
    id: None,
    paths: &[
        ("/in/{}", None),
        ("/mwlite/in/{}", None),
        ("/company/{}", Some(&LINKEDIN_COMPANY)),
        ("/school/{}", Some(&LINKEDIN_SCHOOL)),
    ],
    reserved: &[],
};

static THREADS: Rules =
    Rules { platform: Platform::Threads, name: names::THREADS, id: None, paths: &[("/@{}", None)], reserved: &[] };

static BLUESKY: Rules = Rules {
    platform: Platform::Bluesky,
    name: names::BLUESKY,
    id: None,
    paths: &[("/profile/{}", None)],
    reserved: &[],
};

static MASTODON: Rules = Rules {
    platform: Platform::Mastodon,
    name: names::MASTODON,
    id: None,
    paths: &[("/@{}", None), ("/users/{}", None), ("/web/@{}", None)],
    reserved: &[],
};

impl Rules {
    /// The rule and the name that an address of this platform stands for; `None` if it is no profile's.
    pub(super) fn find(&'static self, address: &Address<'_>) -> Option<(&'static Rule, String)> {
        self.paths.iter().find_map(|(path, rule)| {
            let name = capture(path, address)?;
            // Behind a word or an `@` a name is a name; only here the platform's own pages are in its way.
            let may_be_page = matches!(*path, "/{}" | "/stories/{}");
            if may_be_page && (self.starts_path(&name) || contains(self.reserved, &name)) {
                return None;
            }
            Some((rule.unwrap_or(&self.name), name))
        })
    }

    /// As [`find`](Rules::find), for the end of an address that says which kind of name it is: `company/acme`.
    pub(super) fn find_kind(&'static self, path: &str) -> Option<(&'static Rule, String)> {
        let address = Address::of_path(path);
        if self.starts_path(address.segments.first()?) { self.find(&address) } else { None }
    }

    /// Whether a path of the table starts with this word.
    fn starts_path(&self, word: &str) -> bool {
        self.paths
            .iter()
            .any(|(path, _)| path[1..].split(['/', '?']).next().is_some_and(|p| p.eq_ignore_ascii_case(word)))
    }
}

fn contains(words: &[&str], word: &str) -> bool {
    words.iter().any(|w| w.eq_ignore_ascii_case(word))
}

/// The name that an address holds at the place marked in a path of the table.
fn capture(path: &str, address: &Address<'_>) -> Option<String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let mut segments = address.segments.iter();
    let mut name = None;
    for expected in path[1..].split('/') {
        let segment = segments.next()?;
        match expected {
            "*" => {}
            "{}" => name = Some(segment.trim_start_matches('@')),
            "@{}" => name = Some(segment.strip_prefix('@')?),
            word if word.eq_ignore_ascii_case(segment) => {}
            _ => return None,
        }
    }
    let name = match query.strip_suffix("={}") {
        Some(parameter) => address.parameter(parameter)?.trim_start_matches('@').to_owned(),
        None => name?.to_owned(),
    };
    (!name.is_empty()).then_some(name)
}
