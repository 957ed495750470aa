//! Every setting there is: its key in the file, its environment variable, its flag, what it accepts. The file, the
//! printed settings and the guide are made from this one table.

use std::net::SocketAddr;

use convoke_server::log::{Format, LEVELS};

/// A setting.
pub(crate) struct Setting {
    /// As the file names it: `key`, or `section.key`.
    pub(crate) key: &'static str,
    pub(crate) variable: &'static str,
    pub(crate) flag: Option<&'static str>,
    /// Never shown.
    pub(crate) is_secret: bool,
    /// What holds when nobody says, in words where it hangs on others.
    pub(crate) default: &'static str,
    pub(crate) accepts: &'static str,
    pub(crate) is_sound: fn(&str) -> bool,
    pub(crate) about: &'static str,
}

/// Most threads of one process that run imports.
pub(crate) const MOST_WORKERS: u32 = 64;

/// One line a setting: key, variable, flag, default, what it accepts, how that is judged, what it is for.
macro_rules! setting {
    ($key:literal, $variable:literal, $flag:expr, $default:literal, $accepts:literal, $is_sound:expr, $about:literal) => {
        Setting {
            key: $key,
            variable: $variable,
            flag: $flag,
            is_secret: false,
            default: $default,
            accepts: $accepts,
            is_sound: $is_sound,
            about: $about,
        }
    };
    (secret $key:literal, $variable:literal, $about:literal) => {
        Setting {
            is_secret: true,
            ..setting!($key, $variable, None, "", "a text that is not empty", is_filled, $about)
        }
    };
}

/// All settings, in the order in which they are shown.
#[rustfmt::skip]
pub(crate) const SETTINGS: &[Setting] = &[
    setting!("db", "CONVOKE_DB", Some("--db"), "sqlite:./convoke-data/convoke.db",
        "sqlite:PATH, a path, or postgres://...", |_| true, "the database"),
    setting!("listen", "CONVOKE_LISTEN", Some("--listen"), "127.0.0.1:8787",
        "an address and a port, as 127.0.0.1:8787", is_address, "where `serve` answers"),
    setting!("public_url", "CONVOKE_PUBLIC_URL", Some("--public-url"), "http:// and the address of `listen`",
        "http:// or https://, a name, and no / at its end", is_base_url, "how others reach the server: what links begin with"),
    setting!("behind_proxy", "CONVOKE_BEHIND_PROXY", Some("--behind-proxy"), "false",
        "true or false", is_flag, "a proxy stands before the server and names the client in X-Forwarded-For"),
    setting!("workers", "CONVOKE_WORKERS", Some("--workers"), "1 on SQLite; on PostgreSQL the processors, up to 4",
        "a number from 1 to 64", |text| is_within(text, 1, MOST_WORKERS.into()), "imports that one process runs at once"),
    setting!("imports_per_workspace", "CONVOKE_IMPORTS_PER_WORKSPACE", None, "2",
        "a number from 1 to 64", |text| is_within(text, 1, 64), "imports of one workspace that run at once, in all processes"),
    setting!("files.place", "CONVOKE_FILES", Some("--files"), "beside the SQLite file, as NAME-files; ./convoke-data/files for PostgreSQL",
        "a folder, or s3://BUCKET or s3://BUCKET/PREFIX", is_place, "where uploads are kept"),
    setting!("files.endpoint", "CONVOKE_FILES_ENDPOINT", None, "the one of Amazon for the region",
        "http:// or https://, a name, and no / at its end", is_base_url, "the S3-compatible server"),
    setting!("files.region", "CONVOKE_FILES_REGION", None, "us-east-1",
        "a text that is not empty", is_filled, "its region"),
    setting!("files.access_key_id", "CONVOKE_FILES_ACCESS_KEY_ID", None, "",
        "a text that is not empty", is_filled, "the name of the key"),
    setting!(secret "files.secret_access_key", "CONVOKE_FILES_SECRET_ACCESS_KEY", "the key"),
    setting!("files.path_style", "CONVOKE_FILES_PATH_STYLE", None, "true where an endpoint is said",
        "true or false", is_flag, "the bucket stands in the path of addresses, not in the name of the host"),
    setting!("files.scratch", "CONVOKE_FILES_SCRATCH", None, "beside the SQLite file, as NAME-scratch; ./convoke-data/scratch for PostgreSQL",
        "a folder", is_filled, "local room for files under way, with S3"),
    setting!("limits.bytes", "CONVOKE_MAX_BYTES", Some("--max-bytes"), "536870912",
        "a number", is_number, "bytes one import may hold"),
    setting!("limits.rows", "CONVOKE_MAX_ROWS", Some("--max-rows"), "as the three below",
        "a number", is_number, "rows one import may hold, of any record type"),
    setting!("limits.creators", "CONVOKE_MAX_CREATORS", None, "50000",
        "a number", is_number, "rows an import of creators may hold"),
    setting!("limits.prospects", "CONVOKE_MAX_PROSPECTS", None, "1000000",
        "a number", is_number, "rows an import of prospects may hold"),
    setting!("limits.advocates", "CONVOKE_MAX_ADVOCATES", None, "1000000",
        "a number", is_number, "rows an import of advocates may hold"),
    setting!("log.format", "CONVOKE_LOG_FORMAT", None, "text",
        "text or json", |text| Format::parse(text).is_some(), "how `serve` and `worker` write their log"),
    setting!("log.level", "CONVOKE_LOG_LEVEL", None, "info",
        "error, warn, info, debug or trace", |text| LEVELS.contains(&text), "how much they write"),
    setting!("metrics.listen", "CONVOKE_METRICS_LISTEN", None, "nowhere",
        "an address and a port, as 127.0.0.1:8787", is_address, "where `serve` answers /metrics, to whoever reaches it"),
    setting!("oidc.issuer", "CONVOKE_OIDC_ISSUER", None, "",
        "http:// or https://, a name, and no / at its end", is_base_url, "the OpenID Connect provider"),
    setting!("oidc.client_id", "CONVOKE_OIDC_CLIENT_ID", None, "",
        "a text that is not empty", is_filled, "the name it knows Convoke by"),
    setting!(secret "oidc.client_secret", "CONVOKE_OIDC_CLIENT_SECRET", "the secret it gave"),
];

/// The setting of a key.
pub(crate) fn setting(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

fn is_filled(text: &str) -> bool {
    !text.trim().is_empty()
}

fn is_number(text: &str) -> bool {
    text.parse::<u64>().is_ok()
}

fn is_within(text: &str, least: u64, most: u64) -> bool {
    text.parse().is_ok_and(|number: u64| (least..=most).contains(&number))
}

fn is_flag(text: &str) -> bool {
    matches!(text, "true" | "false")
}

fn is_address(text: &str) -> bool {
    text.parse::<SocketAddr>().is_ok()
}

fn is_base_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.ends_with('/') && !rest.contains(['?', '#', ' ', '@']))
}

fn is_place(text: &str) -> bool {
    match text.strip_prefix("s3://") {
        Some(rest) => !rest.split('/').next().unwrap_or_default().is_empty() && !rest.contains(['?', '#', ' ']),
        None => is_filled(text),
    }
}

/// The guide's table.
#[cfg(test)]
pub(super) fn guide() -> String {
    let mut table =
        "| in the file | environment, flag | accepts | default | what it is |\n|---|---|---|---|---|\n".to_owned();
    for setting in SETTINGS {
        let flag = setting.flag.map(|flag| format!(", `{flag}`")).unwrap_or_default();
        let default = if setting.default.is_empty() { "none" } else { setting.default };
        let Setting { key, variable, accepts, about, .. } = setting;
        table.push_str(&format!("| `{key}` | `{variable}`{flag} | {accepts} | {default} | {about} |\n"));
    }
    table
}
