//! Columns named after a platform, as agencies keep them side by side: `Instagram`, `TikTok URL`, `compte YouTube`.
//! A count (`Instagram followers`) is never an account.

use std::collections::HashMap;
use std::sync::LazyLock;

use convoke_people::field::Field;
use convoke_people::platform::Platform;
use convoke_people::record_type::RecordType;
use convoke_people::text::bare;

use crate::mapping::Target;
use crate::synonyms::{FIRST_FALLBACK, Meaning, names};

/// Words behind the name of a platform, the strongest first.
pub const BEHIND: &str = "handle, username, user name, name, account, profile, profile url, profile link, url, link, \
                          channel, channel url, channel link, channel id, page, page url, nutzername, benutzername, \
                          konto, profil, profil-url, profillink, kanal, seite";

/// Words in front of it.
pub const IN_FRONT: &str = "person, personal, creator, influencer, my, your, link to, profile, compte, profil, lien, \
                            page, chaîne, pseudo, usuario, usuario de, cuenta, cuenta de, perfil, perfil de, canal de, \
                            enlace de, página de";

/// Words behind the name of a platform that make a count of followers.
pub const COUNTS: &str =
    "followers, follower, follower count, followers count, subscribers, abonnenten, abonnés, seguidores";

/// What the words of a header say.
#[derive(Clone, Copy)]
struct Named {
    platform: Platform,
    strength: u16,
    how: How,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// `Instagram`
    Name,
    /// `IG`: outside a list of creators it says something beside other platforms only.
    Short,
    /// `X`, `LI`: says nothing but beside other platforms.
    Letters,
    /// `Instagram handle`
    WithWords,
    /// `Instagram followers`
    Count,
}

static NAMED: LazyLock<HashMap<String, Named>> = LazyLock::new(|| {
    let mut named = HashMap::new();
    for platform in Platform::ALL {
        for word in platform.words() {
            let mut put = |header: &str, strength: u16, how: How| {
                named.entry(bare(header)).or_insert(Named { platform, strength, how });
            };
            put(word, 1, alone(word));
            for (behind, strength) in names(BEHIND).zip(2..) {
                put(&format!("{word} {behind}"), strength, How::WithWords);
                for front in names(IN_FRONT).take(6) {
                    put(&format!("{front} {word} {behind}"), strength, How::WithWords);
                }
            }
            names(IN_FRONT).for_each(|front| put(&format!("{front} {word}"), 2, How::WithWords));
            names(COUNTS).for_each(|count| put(&format!("{word} {count}"), FIRST_FALLBACK, How::Count));
        }
    }
    named
});

fn alone(word: &str) -> How {
    match word {
        "x" | "li" => How::Letters,
        // Threads are also what a forum has.
        "threads" => How::Short,
        word if word.chars().count() < 3 => How::Short,
        _ => How::Name,
    }
}

/// What a header says if it is named after a platform. `headers` are [`bare`].
pub(crate) fn meaning(place: usize, headers: &[String], record_type: RecordType) -> Option<Meaning> {
    let named = NAMED.get(&headers[place])?;
    let of_creators = record_type == RecordType::Creator;
    let is_beside_others = || {
        let others = headers.iter().filter_map(|header| NAMED.get(header));
        others.into_iter().any(|other| other.platform != named.platform && other.how != How::Letters)
    };
    let is_meant = match named.how {
        How::Name | How::WithWords => is_for(record_type),
        How::Short => of_creators || is_for(record_type) && is_beside_others(),
        How::Letters => is_for(record_type) && is_beside_others(),
        How::Count => {
            let has_platform = headers.iter().any(|header| header == "platform");
            let target = Target::Field(Field::Followers);
            let is_only_platform = of_creators && !has_platform && !is_beside_others();
            return is_only_platform.then_some(Meaning { target, strength: named.strength });
        }
    };
    is_meant.then_some(Meaning { target: Target::Account(named.platform), strength: named.strength })
}

/// The platform an option or a header names, in any of its forms.
pub(crate) fn platform_named(header: &str) -> Option<Platform> {
    NAMED.get(&bare(header)).filter(|named| named.how != How::Count).map(|named| named.platform)
}

/// Whether a cell reads like the header of an account or of a count.
pub(crate) fn is_known(header: &str) -> bool {
    NAMED.get(header).is_some_and(|named| named.how != How::Letters)
}

/// Advocates have no accounts.
pub(crate) fn is_for(record_type: RecordType) -> bool {
    record_type != RecordType::Advocate
}

#[cfg(test)]
mod tests {
    use super::*;

    macro_rules! means {
        ($($name:ident: [$($header:literal),*] as $record_type:ident => $target:expr;)*) => {$(
            #[test]
            fn $name() {
                let headers: Vec<_> = [$($header),*].map(bare).into();
                let found = meaning(0, &headers, RecordType::$record_type).map(|meaning| meaning.target);
                assert_eq!(found, $target);
            }
        )*};
    }

    const FOLLOWERS: Option<Target> = Some(Target::Field(Field::Followers));

    means! {
        the_name_alone: ["Instagram"] as Prospect => Some(Target::Account(Platform::Instagram));
        a_handle: ["IG username"] as Creator => Some(Target::Account(Platform::Instagram));
        an_address: ["TikTok_URL"] as Prospect => Some(Target::Account(Platform::TikTok));
        a_channel: ["YouTube-Kanal"] as Creator => Some(Target::Account(Platform::YouTube));
        both_names_of_x: ["Twitter/X Handle"] as Creator => Some(Target::Account(Platform::X));
        french_order: ["Profil LinkedIn"] as Prospect => Some(Target::Account(Platform::LinkedIn));
        spanish_order: ["Cuenta de Instagram"] as Creator => Some(Target::Account(Platform::Instagram));
        a_persons_address: ["Person Linkedin Url"] as Prospect => Some(Target::Account(Platform::LinkedIn));
        a_companys_address: ["Company Linkedin Url"] as Prospect => None;
        advocates_have_no_accounts: ["LinkedIn"] as Advocate => None;
        two_letters_of_a_prospect: ["TT"] as Prospect => None;
        two_letters_of_a_creator: ["TT"] as Creator => Some(Target::Account(Platform::TikTok));
        one_letter_beside_platforms_of_a_prospect: ["X", "TikTok"] as Prospect => Some(Target::Account(Platform::X));
        one_letter_alone: ["x"] as Creator => None;
        one_letter_beside_platforms: ["X", "Instagram"] as Creator => Some(Target::Account(Platform::X));
        a_count_of_the_only_platform: ["Instagram followers", "Instagram"] as Creator => FOLLOWERS;
        a_count_of_one_of_several: ["Instagram followers", "TikTok"] as Creator => None;
        a_count_beside_a_platform_column: ["TikTok followers", "Platform"] as Creator => None;
        views_are_no_account: ["YouTube average views"] as Creator => None;
    }
}
