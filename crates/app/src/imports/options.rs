//! What the user asks of an import, and what becomes of it: settings that are frozen with the import.

use convoke_people::date::DateOrder;
use convoke_people::field::MAX_VALUE_CHARS;
use convoke_people::number::Decimal;
use convoke_people::person::Kind;
use convoke_people::platform::Platform;
use convoke_people::policy::Policy;
use convoke_people::record_type::{OnMatch, RecordType};
use convoke_people::text;
use convoke_pipeline::mapping::{MappingChoices, Target};
use convoke_pipeline::settings::{OnNew, Settings, StopRule};
use convoke_pipeline::source::Hints;
use convoke_store::{fields, groups, mappings};

use super::prepare::from_json;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// What the user asks of an import, as the command line and the API say it.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    pub record_type: RecordType,
    /// How the file is written, where it is not left to detection.
    pub hints: Hints,
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
            hints: Hints::default(),
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

impl Workspace {
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

    pub(super) fn choices(&self, options: &ImportOptions) -> Result<MappingChoices> {
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
