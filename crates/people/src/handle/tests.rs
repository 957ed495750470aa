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
    an_address_in_place_of_a_name: YouTube, "https://youtube.com/www.tiktok.com/anna" => "NotAProfileUrl";
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
    an_at_and_a_blank: Instagram, "@ anna" => "anna";
    two_wide_ats: Instagram, "＠＠anna" => "anna";
    an_at_in_direction_marks: Instagram, "\u{202A}@anna\u{202C}" => "anna";
    the_comma_of_a_list: Instagram, "anna," => "anna";
    the_semicolon_behind_an_address: Instagram, "instagram.com/anna;" => "anna";
    a_slash_at_the_end: Instagram, "@anna/" => "anna";
    an_address_with_a_remark: Instagram, "https://www.instagram.com/anna (main)" => "anna";
    an_address_with_a_dashed_remark: Instagram, "https://www.instagram.com/anna/ - 12k" => "anna";
    an_address_that_goes_on: Instagram, "instagram.com/anna lee" => "invalid";
    a_coded_point: Instagram, "instagram.com/anna%2Elee" => "anna.lee";
    a_coded_blank: Instagram, "instagram.com/anna%20" => "anna";
    a_coded_invisible_character: Instagram, "https://instagram.com/anna%E2%80%8B" => "anna";
    the_login_page: Instagram, "https://www.instagram.com/accounts/login/?next=/anna/" => "NotAProfileUrl";
    a_reel: Instagram, "https://www.instagram.com/reel/abc" => "NotAProfileUrl";
    the_reels_of_somebody: Instagram, "https://www.instagram.com/anna/reels/" => "anna";
    a_host_with_www_in_capitals: Instagram, "WWW.INSTAGRAM.COM/anna" => "anna";
    a_mobile_host: Instagram, "m.instagram.com/anna" => "anna";
    a_host_of_a_language: Instagram, "de-de.instagram.com/anna" => "anna";
    a_host_with_a_point_at_its_end: Instagram, "instagram.com./anna" => "anna";
    no_platform_and_a_host_alone: None, "anna.bsky.social" => "anna.bsky.social";
    no_platform_and_a_channel: None, "youtube.com/channel/UCX6OQ3DkcsbYNE6H8uwQQVA" => "id:UCX6OQ3DkcsbYNE6H8uwQQVA shown UCX6OQ3DkcsbYNE6H8uwQQVA";
    no_platform_and_the_old_x: None, "twitter.com/anna" => "anna";
    no_platform_and_twitch: None, "https://m.twitch.tv/anna" => "anna";
    no_platform_and_facebook: None, "fb.com/annalee" => "annalee";
    no_platform_and_pinterest: None, "https://www.pinterest.fr/anna/" => "anna";
    no_platform_and_snapchat: None, "snapchat.com/add/anna" => "anna";
    no_platform_and_a_company: None, "linkedin.com/company/acme" => "company:acme shown company/acme";
    no_platform_and_threads: None, "threads.com/@anna" => "anna";
    no_platform_and_a_short_link: None, "https://vm.tiktok.com/abc" => "ShortLink";
    no_platform_and_a_server_that_is_not_known: None, "https://any.example.org/@anna" => "PlatformUnknown";
    no_platform_and_a_name_with_server: None, "@anna@fosstodon.org" => "PlatformBlank";

    tiktok_short_link: TikTok, "https://vm.tiktok.com/ZMabc/" => "ShortLink";
    tiktok_mobile: TikTok, "https://m.tiktok.com/@anna?lang=en" => "anna";
    tiktok_tag: TikTok, "https://www.tiktok.com/tag/anna" => "NotAProfileUrl";
    tiktok_point_at_the_end: TikTok, "anna." => "invalid";
    tiktok_one_letter: TikTok, "a" => "a unusual";
    tiktok_video_of_somebody: TikTok, "https://www.tiktok.com/@anna/video/123?x=1" => "anna";
    tiktok_second_short_host: TikTok, "https://vt.tiktok.com/ZSabc/" => "ShortLink";
    tiktok_short_path: TikTok, "https://www.tiktok.com/t/ZTabc/" => "NotAProfileUrl";
    tiktok_music: TikTok, "https://www.tiktok.com/music/x-1" => "NotAProfileUrl";
    tiktok_discover: TikTok, "https://www.tiktok.com/discover/anna" => "NotAProfileUrl";
    tiktok_25: TikTok, "abcdefghijklmnopqrstuvwxy" => "abcdefghijklmnopqrstuvwxy unusual";
    tiktok_31: TikTok, "abcdefghijklmnopqrstuvwxyz12345" => "invalid";
    tiktok_hyphen: TikTok, "anna-lee" => "invalid";

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
    youtube_shared: YouTube, "https://www.youtube.com/@anna?si=abc" => "anna";
    youtube_custom_sub_page: YouTube, "https://www.youtube.com/c/Anna/about" => "c:anna shown c/Anna";
    youtube_music: YouTube, "music.youtube.com/channel/UCX6OQ3DkcsbYNE6H8uwQQVA" => "id:UCX6OQ3DkcsbYNE6H8uwQQVA shown UCX6OQ3DkcsbYNE6H8uwQQVA";
    youtube_studio: YouTube, "https://studio.youtube.com/channel/UCX6OQ3DkcsbYNE6H8uwQQVA" => "NotAProfileUrl";
    youtube_playlist: YouTube, "https://www.youtube.com/playlist?list=x" => "NotAProfileUrl";
    youtube_shorts: YouTube, "youtube.com/shorts/abc" => "NotAProfileUrl";
    youtube_live: YouTube, "youtube.com/live/abc" => "NotAProfileUrl";
    youtube_embed: YouTube, "youtube.com/embed/abc" => "NotAProfileUrl";
    youtube_feed: YouTube, "youtube.com/feed/x" => "NotAProfileUrl";
    youtube_results: YouTube, "youtube.com/results?search_query=x" => "NotAProfileUrl";
    youtube_hashtag: YouTube, "youtube.com/hashtag/x" => "NotAProfileUrl";
    youtube_middle_point: YouTube, "anna·lee" => "anna·lee";
    youtube_separator_first: YouTube, "_anna" => "_anna unusual";
    youtube_31: YouTube, "abcdefghijklmnopqrstuvwxyz12345" => "invalid";

    x_by_its_old_host: X, "https://mobile.twitter.com/Anna" => "anna shown Anna";
    x_intent: X, "https://x.com/intent/user?screen_name=anna" => "anna";
    x_hash_bang: X, "http://twitter.com/#!/anna" => "anna";
    x_status: X, "https://x.com/anna/status/123" => "anna";
    x_home: X, "https://x.com/home" => "NotAProfileUrl";
    x_sixteen: X, "abcdefghijklmnop" => "invalid";
    x_three: X, "abc" => "abc unusual";
    x_mobile: X, "https://mobile.x.com/anna?s=21" => "anna";
    x_intent_with_coded_at: X, "https://twitter.com/intent/user?ref=a&Screen_Name=%40anna" => "anna";
    x_intent_by_number: X, "https://x.com/intent/user?user_id=12" => "NotAProfileUrl";
    x_follow: X, "https://x.com/intent/follow?screen_name=anna" => "anna";
    x_at: X, "https://x.com/@anna" => "anna";
    x_number: X, "https://x.com/i/user/1" => "NotAProfileUrl";
    x_search: X, "https://x.com/search?q=anna" => "NotAProfileUrl";
    x_hashtag: X, "https://x.com/hashtag/anna" => "NotAProfileUrl";
    x_explore: X, "https://x.com/explore" => "NotAProfileUrl";
    x_short_link: X, "https://t.co/abc" => "ShortLink";
    x_hyphen: X, "anna-lee" => "invalid";

    twitch_address: Twitch, "https://www.twitch.tv/anna/videos" => "anna";
    twitch_directory: Twitch, "twitch.tv/directory/game" => "NotAProfileUrl";
    twitch_mobile: Twitch, "https://m.twitch.tv/Anna/profile" => "anna shown Anna";
    twitch_chat: Twitch, "https://www.twitch.tv/popout/anna/chat" => "NotAProfileUrl";
    twitch_video: Twitch, "twitch.tv/videos/123" => "NotAProfileUrl";
    twitch_settings: Twitch, "twitch.tv/settings" => "NotAProfileUrl";
    twitch_point: Twitch, "anna.lee" => "invalid";
    twitch_two_letters: Twitch, "ab" => "ab unusual";
    twitch_26: Twitch, "abcdefghijklmnopqrstuvwxyz" => "invalid";

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
    facebook_mobile_number: Facebook, "https://m.facebook.com/profile.php?v=info&id=1000123" => "id:1000123 shown 1000123";
    facebook_parameter_in_capitals: Facebook, "https://www.facebook.com/profile.php?ID=1000123" => "id:1000123 shown 1000123";
    facebook_shared: Facebook, "https://web.facebook.com/annalee?mibextid=x" => "annalee";
    facebook_number_in_the_path: Facebook, "facebook.com/100064812345678" => "id:100064812345678 shown 100064812345678";
    facebook_category: Facebook, "facebook.com/pages/category/Public-Figure/Anna-Lee-123456789012/" => "id:123456789012 shown 123456789012";
    facebook_home: Facebook, "https://www.facebook.com/home.php" => "NotAProfileUrl";
    facebook_hash_bang: Facebook, "https://www.facebook.com/#!/annalee" => "annalee";
    facebook_share: Facebook, "https://www.facebook.com/share/abc/" => "NotAProfileUrl";
    facebook_sharer: Facebook, "facebook.com/sharer/sharer.php?u=x" => "NotAProfileUrl";
    facebook_marketplace: Facebook, "facebook.com/marketplace/item/1" => "NotAProfileUrl";
    facebook_event: Facebook, "facebook.com/events/1" => "NotAProfileUrl";
    facebook_watch: Facebook, "facebook.com/watch/?v=1" => "NotAProfileUrl";
    facebook_reel: Facebook, "facebook.com/reel/1" => "NotAProfileUrl";
    facebook_video: Facebook, "https://fb.watch/abc" => "NotAProfileUrl";
    facebook_underscore: Facebook, "anna_lee" => "invalid";

    pinterest_country: Pinterest, "https://www.pinterest.co.uk/anna/" => "anna";
    pinterest_sub_domain: Pinterest, "https://de.pinterest.com/anna/board" => "anna";
    pinterest_pin: Pinterest, "https://pinterest.com/pin/123" => "NotAProfileUrl";
    pinterest_short_link: Pinterest, "https://pin.it/abc" => "ShortLink";
    pinterest_digits: Pinterest, "12345" => "12345 unusual";
    pinterest_saved: Pinterest, "pinterest.at/anna/_saved" => "anna";
    pinterest_far_country: Pinterest, "https://www.pinterest.com.au/Anna/" => "anna shown Anna";
    pinterest_ideas: Pinterest, "pinterest.com/ideas/x" => "NotAProfileUrl";
    pinterest_search: Pinterest, "pinterest.com/search/pins/?q=anna" => "NotAProfileUrl";
    pinterest_today: Pinterest, "pinterest.com/today" => "NotAProfileUrl";
    pinterest_two_letters: Pinterest, "ab" => "ab unusual";
    pinterest_hyphen: Pinterest, "anna-lee" => "invalid";

    snapchat_add: Snapchat, "https://www.snapchat.com/add/anna?share=x" => "anna";
    snapchat_at: Snapchat, "snapchat.com/@anna" => "anna";
    snapchat_digit_first: Snapchat, "1anna" => "invalid";
    snapchat_hyphen_last: Snapchat, "anna-" => "anna- unusual";
    snapchat_locale: Snapchat, "https://www.snapchat.com/@Anna?locale=de" => "anna shown Anna";
    snapchat_short_link: Snapchat, "https://t.snapchat.com/abc" => "ShortLink";
    snapchat_t: Snapchat, "https://www.snapchat.com/t/abc" => "NotAProfileUrl";
    snapchat_spotlight: Snapchat, "snapchat.com/spotlight" => "NotAProfileUrl";
    snapchat_lens: Snapchat, "snapchat.com/lens/x" => "NotAProfileUrl";
    snapchat_16: Snapchat, "abcdefghijklmnop" => "invalid";
    snapchat_two_letters: Snapchat, "an" => "an unusual";

    linkedin_person: LinkedIn, "https://uk.linkedin.com/in/Anna-Lee-123/" => "anna-lee-123 shown Anna-Lee-123";
    linkedin_script: LinkedIn, "linkedin.com/in/j%C3%B6rg" => "jörg";
    linkedin_path: LinkedIn, "/in/anna" => "anna";
    linkedin_company: LinkedIn, "linkedin.com/company/Booking.com/about" => "company:booking.com shown company/Booking.com";
    linkedin_company_without_host: LinkedIn, "company/acme" => "company:acme shown company/acme";
    linkedin_school: LinkedIn, "linkedin.com/school/mit" => "school:mit shown school/mit";
    linkedin_job: LinkedIn, "linkedin.com/jobs/view/1" => "NotAProfileUrl";
    linkedin_own_name: LinkedIn, "linkedin-anna" => "linkedin-anna unusual";
    linkedin_from_a_country: LinkedIn, "https://www.linkedin.com/in/anna/?originalSubdomain=uk" => "anna";
    linkedin_language_behind: LinkedIn, "https://de.linkedin.com/in/anna/en" => "anna";
    linkedin_old_form: LinkedIn, "https://www.linkedin.com/pub/anna-lee/12/345/678" => "NotAProfileUrl";
    linkedin_post: LinkedIn, "https://www.linkedin.com/posts/anna_x" => "NotAProfileUrl";
    linkedin_feed: LinkedIn, "https://www.linkedin.com/feed/" => "NotAProfileUrl";
    linkedin_pulse: LinkedIn, "https://www.linkedin.com/pulse/x" => "NotAProfileUrl";
    linkedin_short_link: LinkedIn, "lnkd.in/abc" => "ShortLink";
    linkedin_coded_blank: LinkedIn, "linkedin.com/in/Anna%20Lee" => "invalid";
    linkedin_two_letters: LinkedIn, "an" => "an unusual";

    threads_address: Threads, "https://www.threads.net/@anna" => "anna";
    threads_new_host: Threads, "threads.com/@anna/post/x" => "anna";
    threads_without_at: Threads, "threads.net/anna" => "NotAProfileUrl";
    threads_shared: Threads, "https://www.threads.com/@Anna?xmt=1" => "anna shown Anna";
    threads_short_path: Threads, "threads.net/t/abc" => "NotAProfileUrl";
    threads_search: Threads, "threads.net/search?q=x" => "NotAProfileUrl";
    threads_two_points: Threads, "a..b" => "a..b unusual";

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
    bluesky_post: Bluesky, "https://bsky.app/profile/anna.bsky.social/post/x" => "anna.bsky.social";
    bluesky_at_in_the_path: Bluesky, "bsky.app/profile/@anna.bsky.social" => "anna.bsky.social";
    bluesky_search: Bluesky, "bsky.app/search" => "NotAProfileUrl";
    bluesky_web_did: Bluesky, "did:web:example.com" => "did:web:example.com";
    bluesky_onion: Bluesky, "anna.onion" => "invalid";
    bluesky_digits_on_top: Bluesky, "anna.123" => "invalid";
    bluesky_own_scheme: Bluesky, "at://anna.bsky.social" => "anna.bsky.social";

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
    mastodon_post: Mastodon, "https://mastodon.social/@anna/123" => "anna@mastodon.social";
    mastodon_idna_address: Mastodon, "https://bücher.example/@anna" => "anna@xn--bcher-kva.example";
    mastodon_host_in_capitals: Mastodon, "https://Mastodon.Social/@anna" => "anna@mastodon.social";
    mastodon_slash_at_the_end: Mastodon, "@anna@mastodon.social/" => "anna@mastodon.social";
    mastodon_wide_ats: Mastodon, "＠anna＠mastodon.social" => "anna@mastodon.social";
    mastodon_account_number: Mastodon, "https://mastodon.social/web/accounts/1" => "NotAProfileUrl";
    mastodon_point_first: Mastodon, ".anna@mastodon.social" => "invalid";
    mastodon_no_domain: Mastodon, "anna@localhost" => "invalid";
    mastodon_address_with_ip: Mastodon, "https://127.0.0.1/@anna" => "NotAProfileUrl";
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

#[test]
fn a_text_of_megabytes_is_refused_without_being_looked_at() {
    let text = "\u{AD}\t".repeat(1 << 20);
    for parsed in [Handle::parse(None, &text), Handle::from_profile_url(Some(Instagram), &text)] {
        assert_eq!(parsed.expect_err("too long"), TOO_LONG);
    }
}

#[test]
fn a_letter_and_its_accent_come_together_whatever_cannot_be_seen_between_them() {
    let (handle, _) = Handle::parse(Some(YouTube), "ann\u{FEFF}e\u{FEFF}\u{301}").expect("a handle");
    assert_eq!((handle.display.as_str(), handle.key.as_str()), ("ann\u{e9}", "ann\u{e9}"));
}
