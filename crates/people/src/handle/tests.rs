//! Handles, a line a case.

use super::*;
use Platform::*;
use proptest::prelude::*;

/// Key and display of what is accepted without a remark; otherwise the remark or the error in words.
fn read(platform: impl Into<Option<Platform>>, text: &str) -> String {
    match Handle::parse(platform.into(), text) {
        Ok((handle, None)) if handle.key == handle.display => handle.key,
        Ok((handle, None)) => format!("{} shown {}", handle.key, handle.display),
        Ok((handle, Some(_))) => format!("{} unusual", handle.key),
        Err(error) => kind(&error),
    }
}

fn kind(error: &HandleError) -> String {
    match error {
        HandleError::Invalid { .. } => "invalid".to_owned(),
        HandleError::PlatformMismatch { found } => format!("found {found}"),
        other => format!("{other:?}"),
    }
}

cases! { read;
    a_bare_name: Instagram, "anna.lee" => "anna.lee";
    an_at: Instagram, "@anna.lee" => "anna.lee";
    several_ats: Instagram, "@@anna.lee" => "anna.lee";
    a_wide_at: Instagram, "＠anna" => "anna";
    case_is_shown_and_not_compared: Instagram, "Anna.Lee" => "anna.lee shown Anna.Lee";
    blanks_and_zero_widths: Instagram, "\u{A0}@an\u{200B}na\u{FEFF} " => "anna";
    quotes: Instagram, "\"@anna\"" => "anna";
    curly_quotes: Instagram, "“anna”" => "anna";
    angle_brackets: Instagram, "<https://instagram.com/anna>" => "anna";
    an_address: Instagram, "https://www.instagram.com/anna/?hl=en" => "anna";
    an_address_without_scheme: Instagram, "instagram.com/anna" => "anna";
    an_address_in_capitals_with_port: Instagram, "HTTPS://WWW.INSTAGRAM.COM:443/Anna#x" => "anna shown Anna";
    an_address_behind_an_at: Instagram, "@instagram.com/anna" => "anna";
    an_at_in_the_path: Instagram, "instagram.com/@anna" => "anna";
    a_percent_code: TikTok, "tiktok.com/%40anna" => "anna";
    double_slashes: Instagram, "https://instagram.com//anna//" => "anna";
    a_story: Instagram, "https://instagram.com/stories/anna/123" => "anna";
    the_highlights: Instagram, "https://instagram.com/stories/highlights/123" => "NotAProfileUrl";
    the_app_path: Instagram, "https://instagram.com/_u/anna" => "anna";
    the_old_short_host: Instagram, "instagr.am/anna" => "anna";
    a_post: Instagram, "https://www.instagram.com/p/Cabc/" => "NotAProfileUrl";
    the_start_page: Instagram, "https://www.instagram.com/" => "NotAProfileUrl";
    the_host_alone: Instagram, "instagram.com" => "NotAProfileUrl";
    the_help_pages: Instagram, "https://help.instagram.com/anna" => "NotAProfileUrl";
    another_platform: Instagram, "https://www.tiktok.com/@anna" => "found TikTok";
    another_host: Instagram, "https://linktr.ee/anna" => "found linktr.ee";
    another_host_without_scheme: Instagram, "linktr.ee/anna" => "found linktr.ee";
    another_host_behind_a_user: Instagram, "https://instagram.com@evil.example/anna" => "found evil.example";
    a_name_of_31: Instagram, "abcdefghijklmnopqrstuvwxyz12345" => "invalid";
    a_blank_inside: Instagram, "anna lee" => "invalid";
    an_email: Instagram, "anna@example.com" => "invalid";
    points_alone: Instagram, "..." => "invalid";
    a_slash: Instagram, "anna/lee" => "invalid";
    a_point_at_the_end: Instagram, "anna." => "anna. unusual";
    nothing: Instagram, "" => "Blank";
    ats_alone: Instagram, " @@ " => "Blank";
    empty_quotes: Instagram, "\"\"" => "Blank";
    no_platform: None, "anna" => "PlatformBlank";
    no_platform_and_an_address: None, "https://www.tiktok.com/@anna" => "anna";
    no_platform_and_an_unknown_address: None, "https://medium.com/@anna" => "PlatformUnknown";

    tiktok_short_link: TikTok, "https://vm.tiktok.com/ZMabc/" => "ShortLink";
    tiktok_mobile: TikTok, "https://m.tiktok.com/@anna?lang=en" => "anna";
    tiktok_tag: TikTok, "https://www.tiktok.com/tag/anna" => "NotAProfileUrl";
    tiktok_point_at_the_end: TikTok, "anna." => "invalid";
    tiktok_one_letter: TikTok, "a" => "a unusual";

    youtube_handle: YouTube, "https://youtube.com/@AnnaLee/videos" => "annalee shown AnnaLee";
    youtube_of_any_script: YouTube, "@ÄNNA" => "änna shown ÄNNA";
    youtube_composition: YouTube, "https://m.youtube.com/@a%CC%88nna" => "änna";
    youtube_channel: YouTube, "https://www.youtube.com/channel/UCX6OQ3DkcsbYNE6H8uwQQVA" => "id:UCX6OQ3DkcsbYNE6H8uwQQVA shown UCX6OQ3DkcsbYNE6H8uwQQVA";
    youtube_bare_channel: YouTube, "UCX6OQ3DkcsbYNE6H8uwQQVA" => "id:UCX6OQ3DkcsbYNE6H8uwQQVA shown UCX6OQ3DkcsbYNE6H8uwQQVA";
    youtube_bad_channel: YouTube, "youtube.com/channel/UC123" => "invalid";
    youtube_user: YouTube, "youtube.com/user/Anna" => "u:anna shown user/Anna";
    youtube_custom: YouTube, "youtube.com/c/Anna" => "c:anna shown c/Anna";
    youtube_custom_without_host: YouTube, "c/Anna" => "c:anna shown c/Anna";
    youtube_without_at: YouTube, "youtube.com/anna" => "anna unusual";
    youtube_video: YouTube, "https://www.youtube.com/watch?v=abc" => "NotAProfileUrl";
    youtube_short_video: YouTube, "https://youtu.be/abc" => "NotAProfileUrl";
    youtube_two_letters: YouTube, "an" => "invalid";
    youtube_telephone: YouTube, "555-123-4567" => "555-123-4567 unusual";
    youtube_mixed_scripts: YouTube, "аnna" => "аnna unusual";
    youtube_web_address: YouTube, "www-anna.com" => "www-anna.com unusual";

    x_by_its_old_host: X, "https://mobile.twitter.com/Anna" => "anna shown Anna";
    x_intent: X, "https://x.com/intent/user?screen_name=anna" => "anna";
    x_hash_bang: X, "http://twitter.com/#!/anna" => "anna";
    x_status: X, "https://x.com/anna/status/123" => "anna";
    x_home: X, "https://x.com/home" => "NotAProfileUrl";
    x_sixteen: X, "abcdefghijklmnop" => "invalid";
    x_three: X, "abc" => "abc unusual";

    twitch_address: Twitch, "https://www.twitch.tv/anna/videos" => "anna";
    twitch_directory: Twitch, "twitch.tv/directory/game" => "NotAProfileUrl";

    facebook_points_do_not_count: Facebook, "Anna.Lee" => "annalee shown Anna.Lee";
    facebook_locale: Facebook, "https://de-de.facebook.com/annalee" => "annalee";
    facebook_profile_number: Facebook, "https://www.facebook.com/profile.php?id=1000123&ref=x" => "id:1000123 shown 1000123";
    facebook_profile_without_number: Facebook, "https://www.facebook.com/profile.php" => "NotAProfileUrl";
    facebook_number: Facebook, "1000123" => "id:1000123 shown 1000123";
    facebook_people: Facebook, "facebook.com/people/Anna-Lee/1000123" => "id:1000123 shown 1000123";
    facebook_pages: Facebook, "facebook.com/pages/Anna/1000123" => "id:1000123 shown 1000123";
    facebook_new_pages: Facebook, "facebook.com/p/Anna-Lee-100064812345678/" => "id:100064812345678 shown 100064812345678";
    facebook_page_without_handle: Facebook, "facebook.com/Anna-Lee-100064812345678/" => "id:100064812345678 shown 100064812345678";
    facebook_pg: Facebook, "facebook.com/pg/annalee/about" => "annalee";
    facebook_group: Facebook, "facebook.com/groups/123" => "NotAProfileUrl";
    facebook_short: Facebook, "fb.me/annalee" => "annalee";
    facebook_telephone: Facebook, "555-1234567" => "invalid";
    facebook_four_letters: Facebook, "anna" => "anna unusual";

    pinterest_country: Pinterest, "https://www.pinterest.co.uk/anna/" => "anna";
    pinterest_sub_domain: Pinterest, "https://de.pinterest.com/anna/board" => "anna";
    pinterest_pin: Pinterest, "https://pinterest.com/pin/123" => "NotAProfileUrl";
    pinterest_short_link: Pinterest, "https://pin.it/abc" => "ShortLink";
    pinterest_digits: Pinterest, "12345" => "12345 unusual";

    snapchat_add: Snapchat, "https://www.snapchat.com/add/anna?share=x" => "anna";
    snapchat_at: Snapchat, "snapchat.com/@anna" => "anna";
    snapchat_digit_first: Snapchat, "1anna" => "invalid";
    snapchat_hyphen_last: Snapchat, "anna-" => "anna- unusual";

    linkedin_person: LinkedIn, "https://uk.linkedin.com/in/Anna-Lee-123/" => "anna-lee-123 shown Anna-Lee-123";
    linkedin_script: LinkedIn, "linkedin.com/in/j%C3%B6rg" => "jörg";
    linkedin_path: LinkedIn, "/in/anna" => "anna";
    linkedin_company: LinkedIn, "linkedin.com/company/Booking.com/about" => "company:booking.com shown company/Booking.com";
    linkedin_company_without_host: LinkedIn, "company/acme" => "company:acme shown company/acme";
    linkedin_school: LinkedIn, "linkedin.com/school/mit" => "school:mit shown school/mit";
    linkedin_job: LinkedIn, "linkedin.com/jobs/view/1" => "NotAProfileUrl";
    linkedin_own_name: LinkedIn, "linkedin-anna" => "linkedin-anna unusual";

    threads_address: Threads, "https://www.threads.net/@anna" => "anna";
    threads_new_host: Threads, "threads.com/@anna/post/x" => "anna";
    threads_without_at: Threads, "threads.net/anna" => "NotAProfileUrl";

    bluesky_bare: Bluesky, "@Anna" => "anna.bsky.social shown Anna.bsky.social";
    bluesky_domain: Bluesky, "anna.example.com" => "anna.example.com";
    bluesky_platform_as_handle: Bluesky, "instagram.com" => "instagram.com";
    bluesky_address: Bluesky, "https://bsky.app/profile/anna.bsky.social" => "anna.bsky.social";
    bluesky_host: Bluesky, "https://anna.bsky.social/" => "anna.bsky.social";
    bluesky_did: Bluesky, "https://bsky.app/profile/did:plc:z72i7hdynmk6r22z27h6tvur" => "did:plc:z72i7hdynmk6r22z27h6tvur";
    bluesky_bad_did: Bluesky, "did:plc:z72" => "invalid";
    bluesky_refused_top: Bluesky, "anna.local" => "invalid";
    bluesky_underscore: Bluesky, "anna_lee" => "invalid";
    bluesky_other_domain_address: Bluesky, "https://anna.example.com" => "found anna.example.com";

    mastodon_handle: Mastodon, "@Anna@Mastodon.Social" => "anna@mastodon.social shown Anna@mastodon.social";
    mastodon_without_at: Mastodon, "anna@fosstodon.org" => "anna@fosstodon.org";
    mastodon_address: Mastodon, "https://any.example.org/@anna" => "anna@any.example.org";
    mastodon_users: Mastodon, "https://any.example.org/users/anna" => "anna@any.example.org";
    mastodon_web: Mastodon, "any.example.org/web/@anna" => "anna@any.example.org";
    mastodon_seen_from_elsewhere: Mastodon, "https://mastodon.social/@anna@fosstodon.org" => "anna@fosstodon.org";
    mastodon_idna: Mastodon, "anna@bücher.example" => "anna@xn--bcher-kva.example";
    mastodon_known_server: None, "https://mastodon.social/@anna" => "anna@mastodon.social";
    mastodon_without_server: Mastodon, "anna" => "invalid";
    mastodon_on_an_ip_address: Mastodon, "anna@127.0.0.1" => "invalid";
    mastodon_on_threads: Mastodon, "https://www.threads.net/@anna" => "found Threads";
    mastodon_long_user: Mastodon, "abcdefghijklmnopqrstuvwxyz12345@a.org" => "abcdefghijklmnopqrstuvwxyz12345@a.org unusual";
}

fn read_url(platform: impl Into<Option<Platform>>, url: &str) -> String {
    Handle::from_profile_url(platform.into(), url).map_or_else(|error| kind(&error), |(handle, _)| handle.key)
}

cases! { read_url;
    url_of_the_platform: Instagram, "https://instagram.com/anna" => "anna";
    url_tells_the_platform: None, "x.com/anna" => "anna";
    url_of_another_platform: Instagram, "x.com/anna" => "found X";
    url_that_is_a_bare_name: Instagram, "anna" => "NotAProfileUrl";
    url_that_is_blank: Instagram, " " => "Blank";
    url_unknown: None, "https://example.com/anna" => "PlatformUnknown";
}

fn any_platform() -> impl Strategy<Value = Platform> {
    proptest::sample::select(Platform::ALL.to_vec())
}

/// Texts near to handles and addresses, of which many are accepted.
const NEARLY: &str = "[@<\"]?(https?://)?(www\\.|m\\.)?([a-z]{0,9}\\.(com|tv|net|bsky\\.social|co\\.uk)/?)?\
    (@|c/|user/|company/|in/|p/|channel/|profile/|add/)?([A-Za-zéßИ0-9._·%/?=-]{0,12}|UC[A-Za-z0-9_-]{22}|[0-9]{9,11})\
    (@[a-z]{2,4}\\.(org|é))?[>\"]?";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_display_parses_to_the_same_handle(platform in any_platform(), text in NEARLY) {
        if let Ok((handle, _)) = Handle::parse(Some(platform), &text) {
            let again = Handle::parse(Some(platform), &handle.display).map(|(handle, _)| handle);
            prop_assert!(!handle.key.is_empty());
            prop_assert_eq!(again, Ok(handle));
        }
    }

    #[test]
    fn an_address_of_a_known_host_tells_its_platform(host in "(x|twitch|instagram|threads)\\.(com|tv|net)", name in "[a-z]{4,9}") {
        let url = format!("{host}/@{name}");
        if let Ok((handle, _)) = Handle::parse(None, &url) {
            prop_assert_eq!(Handle::parse(Some(handle.platform), &name).map(|(handle, _)| handle), Ok(handle));
        }
    }

    #[test]
    fn any_text_is_judged(platform in any_platform(), text in any::<String>()) {
        let _ = Handle::parse(Some(platform), &text);
        let _ = Handle::parse(None, &text);
        let _ = Handle::from_profile_url(None, &text);
    }
}
