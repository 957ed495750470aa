//! Upload -> source -> mapping -> scan: everything that can refuse a file does so here, before any effect.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use convoke_people::date::DateOrder;
use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::id::{Block, ImportId, JobId, UploadId};
use convoke_people::number::Decimal;
use convoke_people::person::Kind;
use convoke_people::platform::Platform;
use convoke_people::policy::Policy;
use convoke_people::record_type::{OnMatch, RecordType};
use convoke_people::text;
use convoke_pipeline::mapping::{Mapping, MappingChoices, Target};
use convoke_pipeline::problem::{Problem, ProblemCode};
use convoke_pipeline::recipe::{Form, Recipe};
use convoke_pipeline::records::{Dialect, Position, RecordReader};
use convoke_pipeline::scan::{Limits, Scan, filled_columns, scan};
use convoke_pipeline::settings::{OnNew, Settings, StopRule};
use convoke_pipeline::source::{HEAD_BYTES, Source, read_header, refuse_other_files};
use convoke_store::imports::{Import, ImportKind, ImportState};
use convoke_store::uploads::Upload;
use convoke_store::{fields, groups, imports, jobs, mappings, uploads};
use serde::{Deserialize, Serialize};

use crate::crash;
use crate::error::{Error, Result};
use crate::files::BlockReader;
use crate::workspace::Workspace;

/// What the user asks of an import, as the command line and the API say it.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub record_type: RecordType,
    pub choices: MappingChoices,
    /// A saved mapping, under the choices.
    pub saved_mapping: Option<String>,
    pub groups: Vec<String>,
    pub tags: Vec<String>,
    pub tag_duplicates: bool,
    pub nominees: bool,
    /// Field name and policy.
    pub policies: Vec<(String, Policy)>,
    pub on_match: Option<OnMatch>,
    pub on_new: OnNew,
    pub stop_rule: Option<StopRule>,
    pub clear_token: Option<String>,
    pub dates: Option<DateOrder>,
    pub decimal: Option<Decimal>,
    /// Which column of accounts comes first; see [`Settings::accounts`].
    pub accounts: Vec<Platform>,
}

impl ImportOptions {
    pub fn new(record_type: RecordType) -> Self {
        Self {
            record_type,
            choices: MappingChoices::default(),
            saved_mapping: None,
            groups: Vec::new(),
            tags: Vec::new(),
            tag_duplicates: false,
            nominees: false,
            policies: Vec::new(),
            on_match: None,
            on_new: OnNew::Create,
            stop_rule: None,
            clear_token: None,
            dates: None,
            decimal: None,
            accounts: Vec::new(),
        }
    }
}

/// How a file was read: stored with the import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    pub format: String,
    pub encoding: String,
    pub delimiter: String,
    pub bytes: u64,
    pub sha256: String,
    pub header_row: u32,
    pub body_byte: u64,
    pub body_row: u32,
    pub forms: Vec<Form>,
}

impl SourceInfo {
    pub(crate) fn body(&self) -> Position {
        Position { byte: self.body_byte, row: self.body_row }
    }
}

/// A file that can be imported: stored, mapped, scanned, recorded.
pub struct Prepared {
    pub id: ImportId,
    pub kind: ImportKind,
    pub file_name: String,
    pub source: SourceInfo,
    pub recipe: Recipe,
    pub scan: Scan,
    pub storage_key: String,
    /// The same content was imported before.
    pub same_as: Option<ImportId>,
}

impl Prepared {
    pub(crate) fn block(&self) -> Block {
        Block::of(self.id.0)
    }
}

impl Workspace {
    /// Stores, reads and scans a file, and records the import or dry run. A refused file is recorded as refused.
    pub fn prepare(&self, path: &Path, options: &ImportOptions, kind: ImportKind) -> Result<Prepared> {
        let settings = self.settings(options)?;
        let choices = self.choices(options)?;
        let file_name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
        let file = open_upload(path, self.limits.bytes)?;
        let block = self.draw_block()?;
        let key = format!("{}/{}", self.id.0, UploadId(block.id(0)));
        let outcome = self.take_in(&file, &key, settings, &choices);
        let (source, recipe, scan) = match outcome {
            Ok(found) => found,
            Err(error) => {
                self.files.remove(&key);
                if let Error::Refused(problem) = &error {
                    let import = self.new_import(ImportId(block.id(0)), kind, &file_name, options.record_type);
                    self.record_refusal(import, problem)?;
                }
                return Err(error);
            }
        };
        crash::at("upload_copied");
        let mut prepared = Prepared {
            id: ImportId(block.id(0)),
            kind,
            file_name,
            source,
            recipe,
            scan,
            storage_key: key,
            same_as: None,
        };
        prepared.same_as = self.record(&prepared)?;
        crash::at("import_recorded");
        Ok(prepared)
    }

    fn take_in(
        &self,
        file: &Upstream,
        key: &str,
        settings: Settings,
        choices: &MappingChoices,
    ) -> Result<(SourceInfo, Recipe, Scan)> {
        refuse_other_files(&file.head).map_err(Error::Refused)?;
        let early = header_in(&file.head).and_then(|source| {
            let mapping = Mapping::decide(&source.headers, choices, &settings, |_| Vec::new()).ok()?;
            Some((source, self.recipe(settings.clone(), mapping)))
        });
        // Where the first bytes say how the file is read, it is scanned while it is copied.
        let watch =
            |copy: BlockReader| early.map(|(source, recipe)| (self.scan_copy(copy, &source, &recipe), source, recipe));
        let (stored, scanned) = self.files.put(key, file.reader(), self.limits.bytes, watch)?;
        let stored = stored.ok_or_else(|| too_large(None, self.limits.bytes))?;
        file.refuse_changed(stored.size_bytes)?;
        let (scan, source, recipe) = match scanned {
            Some(scanned) => scanned,
            None => self.scan_stored(key, settings, choices)?,
        };
        let scan = scan?;
        let recipe = recipe.with_forms(scan.forms.clone());
        let info = SourceInfo {
            format: "csv".to_owned(),
            encoding: "UTF-8".to_owned(),
            delimiter: ",".to_owned(),
            bytes: stored.size_bytes,
            sha256: stored.sha256.iter().map(|byte| format!("{byte:02x}")).collect(),
            header_row: source.header.row,
            body_byte: source.body.byte,
            body_row: source.body.row,
            forms: scan.forms.clone(),
        };
        Ok((info, recipe, scan))
    }

    fn recipe(&self, settings: Settings, mapping: Mapping) -> Recipe {
        Recipe::new(settings, mapping, Vec::new()).with_seeds(self.hash_seed, self.key_seed)
    }

    fn scan_limits(&self, recipe: &Recipe) -> Limits {
        Limits { rows: self.limits.rows_of(recipe.settings.record_type), bytes: self.limits.bytes }
    }

    fn scan_copy(&self, mut copy: BlockReader, source: &Source, recipe: &Recipe) -> Result<Scan> {
        let header = io::copy(&mut (&mut copy).take(source.body.byte), &mut io::sink());
        header.map_err(|e| Error::files("read", self.files.root(), e))?;
        let reader = RecordReader::new(copy, source.dialect, source.body);
        Ok(scan(reader, recipe, self.scan_limits(recipe))?)
    }

    /// The slow way: the header is long, or the file is about to be refused and the reason needs all of it.
    fn scan_stored(
        &self,
        key: &str,
        settings: Settings,
        choices: &MappingChoices,
    ) -> Result<(Result<Scan>, Source, Recipe)> {
        let source = read_header(self.files.open(key)?, Dialect::default())?;
        let mut file = self.files.open(key)?;
        let filled = |columns| match file.seek(SeekFrom::Start(source.body.byte)) {
            Ok(_) => filled_columns(RecordReader::new(&file, source.dialect, source.body), columns),
            Err(_) => Vec::new(),
        };
        let mapping = Mapping::decide(&source.headers, choices, &settings, filled).map_err(Error::Refused)?;
        let recipe = self.recipe(settings, mapping);
        let scan = self.scan(key, &source, &recipe, self.scan_limits(&recipe));
        Ok((scan, source, recipe))
    }

    pub(crate) fn scan(&self, key: &str, source: &Source, recipe: &Recipe, limits: Limits) -> Result<Scan> {
        let mut file = self.files.open(key)?;
        file.seek(SeekFrom::Start(source.body.byte)).map_err(|e| Error::files("read", self.files.root(), e))?;
        Ok(scan(RecordReader::new(file, source.dialect, source.body), recipe, limits)?)
    }

    fn record(&self, prepared: &Prepared) -> Result<Option<ImportId>> {
        let state = match prepared.kind {
            ImportKind::Import => ImportState::Pending,
            ImportKind::DryRun => ImportState::Checking,
        };
        let upload = Upload {
            id: UploadId(prepared.id.0),
            name: prepared.file_name.clone(),
            size_bytes: prepared.source.bytes,
            sha256: decode_hex(&prepared.source.sha256),
            storage_key: prepared.storage_key.clone(),
        };
        let import = Import {
            state,
            upload: Some(upload.id),
            source: json(&prepared.source)?,
            mapping: json(&prepared.recipe.mapping)?,
            settings: json(&prepared.recipe.settings)?,
            total: prepared.scan.records,
            ..self.new_import(prepared.id, prepared.kind, &prepared.file_name, prepared.recipe.settings.record_type)
        };
        let same = self.store.write(|tx| {
            uploads::add_upload(tx, self.id, &upload, &self.actor)?;
            imports::add_import(tx, self.id, &import)?;
            if prepared.kind == ImportKind::Import {
                let chunks = prepared.scan.chunks.len() as u32;
                jobs::add_job(tx, self.id, JobId(prepared.id.0), prepared.id, chunks)?;
            }
            imports::import_of_content(tx, self.id, &upload.sha256, prepared.id)
        })?;
        Ok(same)
    }

    fn record_refusal(&self, import: Import, problem: &Problem) -> Result<()> {
        let import = Import { state: ImportState::Refused, problem: Some(json(problem)?), ..import };
        Ok(self.store.write(|tx| imports::add_import(tx, self.id, &import))?)
    }

    fn new_import(&self, id: ImportId, kind: ImportKind, file_name: &str, record_type: RecordType) -> Import {
        Import {
            id,
            kind,
            state: ImportState::Draft,
            record_type,
            upload: None,
            file_name: file_name.to_owned(),
            source: "{}".to_owned(),
            mapping: "{}".to_owned(),
            settings: "{}".to_owned(),
            total: 0,
            counts: Default::default(),
            created_by: self.actor.clone(),
            created_at: 0,
            started_at: None,
            ended_at: None,
            problem: None,
        }
    }

    /// Options and the parts of the workspace an import compares with.
    pub(crate) fn settings(&self, options: &ImportOptions) -> Result<Settings> {
        let record_type = options.record_type;
        let mut settings = Settings::new(record_type);
        let (known_groups, custom_fields) = self
            .store
            .read(|r| Ok((groups::group_names(r, self.id)?, fields::list_fields(r, self.id, Some(record_type))?)))?;
        settings.known_groups = known_groups;
        settings.custom_fields = custom_fields;
        for name in &options.groups {
            let key = text::key(name);
            let group = settings.known_groups.iter().find(|g| g.key == key);
            let group = group.ok_or_else(|| {
                Error::usage(
                    format!("Group {name} does not exist"),
                    format!("Make it first: convoke groups add \"{name}\""),
                )
            })?;
            if !settings.groups.contains(&group.id) {
                settings.groups.push(group.id);
            }
        }
        for (field, policy) in &options.policies {
            let key = policy_key(field, &settings)?;
            settings.policies.insert(key, *policy);
        }
        if options.nominees {
            if record_type != RecordType::Advocate {
                return Err(Error::usage("Only advocates can be imported as nominees", "Leave out --nominees."));
            }
            settings.kind = Some(Kind::Nominee);
        }
        settings.tags = tag_names(&options.tags)?;
        settings.tag_duplicates = options.tag_duplicates;
        settings.on_match = options.on_match.unwrap_or(settings.on_match);
        settings.on_new = options.on_new;
        settings.stop_rule = options.stop_rule;
        settings.clear_token = options.clear_token.as_deref().map(clear_token).transpose()?;
        settings.dates = options.dates;
        settings.decimal = options.decimal;
        settings.accounts = options.accounts.clone();
        Ok(settings)
    }

    fn choices(&self, options: &ImportOptions) -> Result<MappingChoices> {
        let mut choices = options.choices.clone();
        let Some(name) = &options.saved_mapping else { return Ok(choices) };
        let key = text::key(name);
        let saved = self.store.read(|r| mappings::list_mappings(r, self.id))?;
        let found = saved.iter().find(|m| m.record_type == options.record_type && text::key(&m.name) == key);
        let found = found.ok_or_else(|| {
            let plural = options.record_type.plural();
            Error::usage(format!("There is no mapping \"{name}\" for {plural}"), "See convoke mappings list.")
        })?;
        let saved: MappingChoices = from_json(&found.choices)?;
        choices.ignore_unknown |= saved.ignore_unknown;
        choices.saved = Some(Box::new(saved));
        Ok(choices)
    }
}

/// The tags of the whole import, each once.
fn tag_names(tags: &[String]) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for tag in tags.iter().map(|tag| text::trim(tag)).filter(|tag| !tag.is_empty()) {
        if tag.chars().count() > MAX_VALUE_CHARS as usize || text::remove_controls(tag).is_some() {
            return Err(Error::usage(
                format!("A tag has 1 to {MAX_VALUE_CHARS} characters and none that cannot be seen"),
                "Shorten the tag.",
            ));
        }
        if !names.iter().any(|name| text::key(name) == text::key(tag)) {
            names.push(tag.to_owned());
        }
    }
    Ok(names)
}

/// Compared with trimmed cells; a blank one would erase what blank cells must leave alone.
fn clear_token(token: &str) -> Result<String> {
    match text::trim(token) {
        "" => Err(Error::usage("The clear token is blank", "Give a word that no cell holds by chance, like [clear].")),
        token => Ok(token.to_owned()),
    }
}

fn policy_key(field: &str, settings: &Settings) -> Result<String> {
    let unknown = || {
        let names = convoke_pipeline::mapping::valid_headers(settings).join(", ");
        Error::usage(format!("\"{field}\" is no field with a policy"), format!("Fields are {names}."))
    };
    match Target::parse(field, settings).ok_or_else(unknown)? {
        Target::Field(found) if settings.record_type.is_identity(found) => Err(Error::usage(
            format!(
                "{} is how {} are told apart; it never changes by import",
                found.label(),
                settings.record_type.plural()
            ),
            "Leave out its --policy.",
        )),
        Target::Field(found) => Ok(found.key().to_owned()),
        Target::Custom(id) => Ok(id.to_string()),
        Target::LastName | Target::Group | Target::Tags | Target::Account(_) => Err(unknown()),
    }
}

/// The header, if it lies whole within the first bytes of a file.
fn header_in(head: &[u8]) -> Option<Source> {
    let source = read_header(head, Dialect::default()).ok()?;
    (source.body.byte < head.len() as u64).then_some(source)
}

/// A file as the user gave it, with its beginning read.
struct Upstream {
    path: PathBuf,
    file: File,
    head: Vec<u8>,
    modified: Option<SystemTime>,
}

fn unreadable(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::Refused(Problem::new(
        ProblemCode::FileUnreadable,
        format!("Cannot read {}: {why}", path.display()),
        "Check the name and that the file may be read.",
    ))
}

fn too_large(bytes: Option<u64>, limit: u64) -> Error {
    let found = bytes.map_or_else(String::new, |bytes| format!("{bytes} bytes; "));
    Error::Refused(Problem::new(
        ProblemCode::FileTooLarge,
        format!("The file is too large: {found}the limit is {limit} bytes"),
        "Nothing was imported. The operator can raise the limit (--max-bytes).",
    ))
}

fn open_upload(path: &Path, limit: u64) -> Result<Upstream> {
    let facts = fs::metadata(path).map_err(|e| unreadable(path, e))?;
    if facts.is_dir() {
        return Err(unreadable(path, "it is a directory, not a file"));
    }
    if facts.is_file() && facts.len() > limit {
        return Err(too_large(Some(facts.len()), limit));
    }
    let mut file = File::open(path).map_err(|e| unreadable(path, e))?;
    let mut head = Vec::new();
    (&mut file).take(HEAD_BYTES as u64).read_to_end(&mut head).map_err(|e| unreadable(path, e))?;
    let modified = facts.is_file().then(|| facts.modified().ok()).flatten();
    Ok(Upstream { path: path.to_owned(), file, head, modified })
}

impl Upstream {
    /// The whole file from its first byte; a pipe cannot be rewound, so what was read comes again.
    fn reader(&self) -> impl Read {
        self.head.as_slice().chain(&self.file)
    }

    /// The copy is one state of the file only if the file did not change meanwhile.
    fn refuse_changed(&self, copied: u64) -> Result<()> {
        let (path, Some(modified)) = (&self.path, self.modified) else { return Ok(()) };
        let facts = self.file.metadata().map_err(|e| unreadable(path, e))?;
        if facts.len() == copied && facts.modified().ok() == Some(modified) {
            return Ok(());
        }
        Err(Error::Refused(Problem::new(
            ProblemCode::FileChanged,
            format!("{} changed while it was read", path.display()),
            "Nothing was imported. Wait until the program that writes it is done, and import it again.",
        )))
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Output(e.to_string()))
}

pub(crate) fn from_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| convoke_store::StoreError::Corrupt(e.to_string()).into())
}

pub(crate) fn decode_hex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).ok()).collect()
}
