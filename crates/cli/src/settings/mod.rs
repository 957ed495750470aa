//! The settings of this process: the file, then the environment, then flags; each wins over the one before. A setting
//! remembers who said it.

mod file;
pub(crate) mod table;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use convoke_app::{Error, Result};

use table::{SETTINGS, Setting, setting};

/// The file that is read when nobody names one.
const FILE: &str = "convoke.toml";

/// Who said a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    File { path: PathBuf, line: usize },
    Variable(&'static str),
    Flag(&'static str),
}

/// What was said, by key. What was not said has its default where it is used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    said: BTreeMap<&'static str, (String, Origin)>,
    /// The file that was named, as it was typed.
    pub(crate) file: Option<PathBuf>,
}

impl Settings {
    /// Merges what is said. `flags` are values by key; `variable` gives the environment.
    pub(crate) fn merge(
        file: Option<&Path>,
        flags: &[(&'static str, Option<String>)],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let mut settings = Self { said: BTreeMap::new(), file: file.map(Path::to_owned) };
        let named = file.map(Path::to_owned).or_else(|| variable("CONVOKE_CONFIG").map(PathBuf::from));
        let path = named.or_else(|| Some(PathBuf::from(FILE)).filter(|path| path.exists()));
        if let Some(path) = path {
            for line in file::read(&path)? {
                let origin = Origin::File { path: path.clone(), line: line.number };
                settings.said.insert(line.setting.key, (line.text, origin));
            }
        }
        // An empty variable says nothing, as with most programs.
        let variables = SETTINGS.iter().filter_map(|setting| {
            let text = variable(setting.variable).filter(|text| !text.is_empty())?;
            Some((setting, text, Origin::Variable(setting.variable)))
        });
        let flags = flags.iter().filter_map(|(key, text)| {
            let setting = setting(key)?;
            Some((setting, text.clone()?, Origin::Flag(setting.flag?)))
        });
        for (setting, text, origin) in variables.chain(flags) {
            if !(setting.is_sound)(&text) {
                return Err(wrong(&origin.to_string(), setting));
            }
            settings.said.insert(setting.key, (text, origin));
        }
        settings.refuse_halves()?;
        Ok(settings)
    }

    /// Settings that mean something only together.
    fn refuse_halves(&self) -> Result<()> {
        let pairs = [("oidc.issuer", "oidc.client_id"), ("files.access_key_id", "files.secret_access_key")];
        match pairs.iter().find(|(one, other)| self.text(one).is_some() != self.text(other).is_some()) {
            Some((one, other)) => {
                Err(Error::usage(format!("Of {one} and {other} only one is set"), "Set both, or none."))
            }
            None => Ok(()),
        }
    }

    /// What was said for a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.said.get(key).map(|(text, _)| text.as_str())
    }

    /// What was said, read as what it means; it was judged when it was said.
    pub(crate) fn get<T: FromStr>(&self, key: &str) -> Option<T> {
        self.text(key)?.parse().ok()
    }

    /// Who said it.
    pub(crate) fn origin(&self, key: &str) -> Option<&Origin> {
        self.said.get(key).map(|(_, origin)| origin)
    }

    /// Whether a flag said it, so that a command that is to meet the same must say it again.
    pub(crate) fn is_typed(&self, key: &str) -> bool {
        matches!(self.origin(key), Some(Origin::Flag(_)))
    }

    pub(crate) fn listen(&self) -> SocketAddr {
        self.get("listen").unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8787)))
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Without the value: it may be a secret that stands in the wrong place.
fn wrong(place: &str, setting: &Setting) -> Error {
    Error::usage(format!("{place} is wrong"), format!("It accepts {}.", setting.accepts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("c.toml");
        std::fs::write(&path, "db = \"file.db\"\nworkers = 1\n[log]\nlevel = \"debug\"\n").expect("written");
        let variable = |name: &str| match name {
            "CONVOKE_DB" => Some("variable.db".to_owned()),
            "CONVOKE_WORKERS" => Some("2".to_owned()),
            "CONVOKE_LISTEN" => Some(String::new()),
            _ => None,
        };
        let flags = [("db", Some("flag.db".to_owned())), ("listen", None)];
        let settings = Settings::merge(Some(&path), &flags, variable).expect("sound");
        assert_eq!(settings.text("db"), Some("flag.db"));
        assert_eq!(settings.origin("db"), Some(&Origin::Flag("--db")));
        assert_eq!(settings.get("workers"), Some(2));
        assert_eq!(settings.origin("workers").expect("said").to_string(), "CONVOKE_WORKERS");
        assert_eq!(settings.text("log.level"), Some("debug"));
        assert!(settings.origin("log.level").expect("said").to_string().ends_with("c.toml, line 4"));
        assert_eq!(settings.listen().port(), 8787);
    }

    #[test]
    fn a_wrong_variable_is_named_with_what_it_accepts() {
        let variable = |name: &str| (name == "CONVOKE_LISTEN").then(|| "everywhere".to_owned());
        let error = Settings::merge(None, &[], variable).expect_err("wrong");
        assert_eq!(error.to_string(), "CONVOKE_LISTEN is wrong");
        assert_eq!(error.hint(), Some("It accepts an address and a port, as 127.0.0.1:8787."));
    }

    #[test]
    fn half_a_provider_is_refused() {
        let variable = |name: &str| (name == "CONVOKE_OIDC_ISSUER").then(|| "https://id.example.com".to_owned());
        assert!(Settings::merge(None, &[], variable).is_err());
    }

    #[test]
    fn keys_variables_and_flags_are_there_once() {
        for name in [|s: &Setting| Some(s.key), |s: &Setting| Some(s.variable), |s: &Setting| s.flag] {
            let mut names: Vec<_> = SETTINGS.iter().filter_map(name).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all);
        }
    }

    #[test]
    fn the_guide_has_every_setting() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/configuration.md");
        let page = std::fs::read_to_string(path).expect("the page");
        let (above, rest) = page.split_once("<!-- settings -->\n").expect("where the table begins");
        let (_, below) = rest.split_once("<!-- end -->").expect("where it ends");
        let written = format!("{above}<!-- settings -->\n{}<!-- end -->{below}", table::guide());
        #[expect(clippy::disallowed_methods, reason = "whoever runs the test says whether it writes the page")]
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &written).expect("written");
        } else {
            assert_eq!(page, written, "UPDATE_DOCS=1 writes it");
        }
    }
}
