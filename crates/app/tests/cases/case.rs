//! A case as its folder holds it: `case.json` read strictly, so that a misspelt key is an error and not a case that
//! proves nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use convoke_app::imports::ImportOptions;
use convoke_app::people::date::DateOrder;
use convoke_app::people::number::Decimal;
use convoke_app::people::platform::Platform;
use convoke_app::people::policy::Policy;
use convoke_app::people::record_type::{OnMatch, RecordType};
use convoke_app::pipeline::decoding::TextEncoding;
use convoke_app::pipeline::mapping::MappingChoices;
use convoke_app::pipeline::settings::{OnNew, StopRule};
use convoke_app::pipeline::source::Hints;
use serde::Deserialize;

use crate::files;
use crate::world::World;

/// A folder of this suite.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    pub(crate) script: Script,
}

/// `case.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Script {
    /// `SECTION: the sentence it proves`, as `docs/cases.md` lists them.
    pub(crate) proves: Vec<String>,
    #[serde(rename = "type")]
    record_type: RecordType,
    #[serde(default)]
    setup: Setup,
    /// For every import.
    #[serde(default)]
    options: Options,
    /// Instead of `options`, by file name.
    #[serde(default)]
    options_of: BTreeMap<String, Options>,
    /// Lines of files too large or too odd to be kept, by file name; see [`files::generate`].
    #[serde(default)]
    generate: BTreeMap<String, Vec<String>>,
}

/// The workspace before the first import.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Setup {
    groups: Vec<String>,
    fields: Vec<CustomField>,
    /// Saved mappings: name, columns and their fields.
    mappings: BTreeMap<String, BTreeMap<String, String>>,
    /// Rows of a file that is imported before all others, with no options but its groups and tags.
    people: Vec<String>,
    people_groups: Vec<String>,
    people_tags: Vec<String>,
    /// Facts no file can set, by identity: `invited`, `joined`, `archived`, `nominee`.
    facts: BTreeMap<String, Vec<String>>,
    row_limit: Option<u64>,
    byte_limit: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomField {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) multiple: bool,
    #[serde(default)]
    pub(crate) options: Vec<String>,
    /// The case's, unless it says otherwise.
    pub(crate) of: Option<RecordType>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Options {
    #[serde(rename = "type")]
    record_type: Option<RecordType>,
    groups: Vec<String>,
    tags: Vec<String>,
    tag_duplicates: bool,
    nominees: bool,
    policies: BTreeMap<String, Policy>,
    on_match: Option<OnMatch>,
    on_new: Option<OnNew>,
    stop_rule: Option<String>,
    clear_token: Option<String>,
    dates: Option<DateOrder>,
    decimal: Option<Decimal>,
    accounts: Vec<Platform>,
    map: BTreeMap<String, String>,
    ignore: Vec<String>,
    ignore_unknown: bool,
    mapping: Option<String>,
    encoding: Option<String>,
    delimiter: Option<char>,
    header_row: Option<u32>,
}

impl Options {
    fn of(&self, record_type: RecordType) -> ImportOptions {
        let choices = MappingChoices {
            map: self.map.iter().map(|(column, field)| (column.clone(), field.clone())).collect(),
            ignore: self.ignore.clone(),
            ignore_unknown: self.ignore_unknown,
            saved: None,
        };
        let hints = Hints {
            encoding: self.encoding.as_deref().map(|name| TextEncoding::parse(name).expect("an encoding")),
            delimiter: self.delimiter.map(|character| u8::try_from(character).expect("a byte")),
            header_row: self.header_row,
            sheet: None,
        };
        ImportOptions {
            hints,
            choices,
            saved_mapping: self.mapping.clone(),
            groups: self.groups.clone(),
            tags: self.tags.clone(),
            tag_duplicates: self.tag_duplicates,
            nominees: self.nominees,
            policies: self.policies.iter().map(|(field, policy)| (field.clone(), *policy)).collect(),
            on_match: self.on_match,
            on_new: self.on_new.unwrap_or(OnNew::Create),
            stop_rule: self.stop_rule.as_deref().map(|rule| StopRule::parse(rule).expect("a stop rule")),
            clear_token: self.clear_token.clone(),
            dates: self.dates,
            decimal: self.decimal,
            accounts: self.accounts.clone(),
            ..ImportOptions::new(self.record_type.unwrap_or(record_type))
        }
    }
}

impl Case {
    /// Every case, by name.
    pub(crate) fn all() -> Vec<Self> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        let entries = fs::read_dir(here).expect("the folder of the cases").map(|entry| entry.expect("an entry").path());
        let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        folders.into_iter().map(Self::read).collect()
    }

    fn read(folder: PathBuf) -> Self {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(folder.join("case.json")).unwrap_or_else(|e| panic!("{name}/case.json: {e}"));
        let script: Script = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}/case.json: {e}"));
        assert!(!script.proves.is_empty(), "{name} proves nothing");
        Self { name, folder, script }
    }

    /// The files of the case in order of their names; generated ones are written to `folder`.
    pub(crate) fn files(&self, folder: &Path) -> Vec<(PathBuf, ImportOptions)> {
        let mut paths: BTreeMap<String, PathBuf> = BTreeMap::new();
        for entry in fs::read_dir(&self.folder).expect("the case's folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_none_or(|e| e != "json") {
                paths.insert(path.file_name().expect("a name").to_string_lossy().into_owned(), path);
            }
        }
        for (name, lines) in &self.script.generate {
            let path = folder.join(name);
            fs::write(&path, files::generate(lines)).expect("a generated file");
            paths.insert(name.clone(), path);
        }
        assert!(!paths.is_empty(), "{} has no file", self.name);
        let with_options = paths.into_iter().map(|(name, path)| {
            let options = self.script.options_of.get(&name).unwrap_or(&self.script.options);
            (path, options.of(self.script.record_type))
        });
        with_options.collect()
    }

    /// The workspace before the first import.
    pub(crate) fn set_up(&self, folder: &Path, world: &mut World) {
        let setup = &self.script.setup;
        setup.groups.iter().for_each(|group| world.add_group(group));
        for field in &setup.fields {
            world.add_field(field.of.unwrap_or(self.script.record_type), field);
        }
        for (name, columns) in &setup.mappings {
            let options = Options { map: columns.clone(), ..Options::default() };
            let saved = world.workspace.save_mapping(name, &options.of(self.script.record_type));
            saved.expect("a mapping can be saved");
        }
        if !setup.people.is_empty() {
            let path = folder.join("people.csv");
            fs::write(&path, files::generate(&setup.people)).expect("the people of the set-up");
            let (groups, tags) = (setup.people_groups.clone(), setup.people_tags.clone());
            let options = Options { groups, tags, ..Options::default() }.of(self.script.record_type);
            let made = world.import(&path, &options);
            assert_eq!(made.created() as usize, setup.people.len() - 1, "{}: the set-up", self.name);
        }
        for (identity, facts) in &setup.facts {
            facts.iter().for_each(|fact| world.set_fact(self.script.record_type, identity, fact));
        }
        world.limit(self.script.record_type, setup.row_limit, setup.byte_limit);
    }
}
