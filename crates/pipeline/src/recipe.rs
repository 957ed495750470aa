//! Settings and mapping compiled: which column feeds which slot of a row, and what a match does to it. The same recipe
//! serves scan, check and run, so the three cannot read a cell differently.

use std::collections::HashMap;

use convoke_people::custom::{CustomField, CustomKind};
use convoke_people::date::DateOrder;
use convoke_people::field::{Field, MAX_VALUE_CHARS};
use convoke_people::id::GroupId;
use convoke_people::number::Decimal;
use convoke_people::policy::Policy;
use convoke_people::text;
use serde::{Deserialize, Serialize};

use crate::mapping::{Mapping, Target};
use crate::scan::Scan;
use crate::secondary_keys::{KeyHash, SecondaryKey};
use crate::settings::Settings;

/// How the numbers and dates of one column are written, decided from all its cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub decimal: Option<Decimal>,
    pub dates: Option<DateOrder>,
}

/// The values of a row that may be written: standard fields first, then custom fields by ascending id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub fields: Vec<Field>,
    /// Places in [`Settings::custom_fields`].
    pub customs: Vec<usize>,
}

impl Layout {
    pub fn slots(&self) -> usize {
        self.fields.len() + self.customs.len()
    }

    pub fn slot_of(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|f| *f == field)
    }
}

/// What one column of the file feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Ignored,
    /// A standard field that needs nothing but its own cell.
    Field {
        field: Field,
        slot: usize,
    },
    FirstName,
    LastName,
    Platform,
    Handle,
    ProfileUrl,
    Custom {
        custom: usize,
        slot: usize,
    },
    Group,
    Tags,
    Account,
}

/// A compiled import.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub settings: Settings,
    pub mapping: Mapping,
    pub layout: Layout,
    pub forms: Vec<Form>,
    /// Row from which on lines without an identity are nobody.
    pub closing_row: Option<u32>,
    /// Rows over which the scan stumbled, in order.
    pub stumbled_rows: Vec<u32>,
    /// Nobody who writes a file can choose it, so nobody can make identities whose hashes are equal.
    pub hash_seed: u64,
    /// The same in every import of a workspace: hashes of secondary keys are stored.
    pub key_seed: u64,
    pub secondary_keys: Vec<SecondaryKey>,
    pub(crate) roles: Vec<Role>,
    pub(crate) groups: HashMap<String, GroupId>,
    /// Policy by slot.
    pub(crate) policies: Vec<Policy>,
    /// Select options in compared form, by custom field.
    pub(crate) options: Vec<HashMap<String, String>>,
}

impl Recipe {
    /// `forms` has one entry a column, or is empty while the scan still has to decide them.
    pub fn new(settings: Settings, mapping: Mapping, forms: Vec<Form>) -> Self {
        let layout = layout(&settings, &mapping);
        let roles = mapping.columns.iter().map(|c| role(c.target, &layout, &settings)).collect();
        let groups = settings.known_groups.iter().map(|g| (g.key.clone(), g.id)).collect();
        let policies = policies(&settings, &layout);
        let options = settings.custom_fields.iter().map(options).collect();
        let forms = if forms.is_empty() { vec![Form::default(); mapping.columns.len()] } else { forms };
        let secondary_keys = SecondaryKey::all(&mapping, &layout);
        Self {
            settings,
            mapping,
            layout,
            forms,
            closing_row: None,
            stumbled_rows: Vec::new(),
            hash_seed: 0,
            key_seed: 0,
            secondary_keys,
            roles,
            groups,
            policies,
            options,
        }
    }

    /// The same recipe with what the scan decided.
    #[must_use]
    pub fn with_findings(self, forms: Vec<Form>, scan: &Scan) -> Self {
        Self { forms, closing_row: scan.closing_row, stumbled_rows: scan.stumbled_rows.clone(), ..self }
    }

    /// The same recipe with identities hashed from `hash_seed` on, and secondary keys from `key_seed`.
    #[must_use]
    pub fn with_seeds(self, hash_seed: u64, key_seed: u64) -> Self {
        Self { hash_seed, key_seed, ..self }
    }

    /// The hash of a value of the secondary key at `place`.
    pub fn key_hash(&self, place: usize, value: &str) -> KeyHash {
        self.secondary_keys[place].hash(value.as_bytes(), self.key_seed)
    }

    /// The header of a column as messages show it: its beginning, as every row may carry it.
    pub fn header(&self, column: usize) -> &str {
        let header = self.mapping.columns[column].header.trim_end_matches('*').trim_end();
        header.char_indices().nth(MAX_VALUE_CHARS as usize).map_or(header, |(end, _)| &header[..end])
    }

    /// The header of the column that is the name; what the field is called where two columns make it or none does.
    pub fn name_header(&self) -> &str {
        let is_name = |role: &Role| matches!(role, Role::Field { field: Field::Name, .. });
        self.roles.iter().position(is_name).map_or(Field::Name.label(), |column| self.header(column))
    }

    pub(crate) fn custom(&self, custom: usize) -> &CustomField {
        &self.settings.custom_fields[custom]
    }

    /// Whether rows name groups or tags, so that a look-up must bring those people have.
    pub fn touches_groups(&self) -> bool {
        !self.settings.groups.is_empty() || self.mapping.column_of(Target::Group).is_some()
    }

    pub fn touches_tags(&self) -> bool {
        !self.settings.tags.is_empty() || self.mapping.column_of(Target::Tags).is_some()
    }

    pub fn policy(&self, slot: usize) -> Policy {
        self.policies[slot]
    }
}

fn layout(settings: &Settings, mapping: &Mapping) -> Layout {
    let mut fields = Vec::new();
    let mut customs = Vec::new();
    let mut add = |field: Field| {
        if !fields.contains(&field) {
            fields.push(field);
        }
    };
    for column in &mapping.columns {
        match column.target {
            Some(Target::Field(Field::FirstName)) => {
                add(Field::Name);
                add(Field::FirstName);
            }
            Some(Target::LastName) => add(Field::Name),
            // A handle says its platform and an address its handle: the three are read together.
            Some(Target::Field(Field::Platform | Field::Handle | Field::ProfileUrl)) => {
                add(Field::Platform);
                add(Field::Handle);
                if column.target == Some(Target::Field(Field::ProfileUrl)) {
                    add(Field::ProfileUrl);
                }
            }
            Some(Target::Account(_)) => {
                add(Field::Platform);
                add(Field::Handle);
                add(Field::AlsoAt);
            }
            Some(Target::Field(field)) => add(field),
            Some(Target::Custom(id)) => customs.extend(settings.custom_fields.iter().position(|f| f.id == id)),
            Some(Target::Group | Target::Tags) | None => {}
        }
    }
    // A name that is overwritten takes the first name that was part of it along.
    if fields.contains(&Field::Name) && policy_of(Field::Name, settings) == Policy::Overwrite {
        fields.extend((!fields.contains(&Field::FirstName)).then_some(Field::FirstName));
    }
    customs.sort_by_key(|&place| settings.custom_fields[place].id);
    Layout { fields, customs }
}

fn role(target: Option<Target>, layout: &Layout, settings: &Settings) -> Role {
    match target {
        None => Role::Ignored,
        Some(Target::Group) => Role::Group,
        Some(Target::Tags) => Role::Tags,
        Some(Target::Account(_)) => Role::Account,
        Some(Target::LastName) => Role::LastName,
        Some(Target::Field(Field::FirstName)) => Role::FirstName,
        Some(Target::Field(Field::Platform)) => Role::Platform,
        Some(Target::Field(Field::Handle)) => Role::Handle,
        Some(Target::Field(Field::ProfileUrl)) => Role::ProfileUrl,
        Some(Target::Field(field)) => match layout.slot_of(field) {
            Some(slot) => Role::Field { field, slot },
            None => Role::Ignored,
        },
        Some(Target::Custom(id)) => {
            let place = layout.customs.iter().position(|&c| settings.custom_fields[c].id == id);
            match place {
                Some(place) => Role::Custom { custom: layout.customs[place], slot: layout.fields.len() + place },
                None => Role::Ignored,
            }
        }
    }
}

fn policies(settings: &Settings, layout: &Layout) -> Vec<Policy> {
    let standard = layout.fields.iter().map(|&field| policy_of(field, settings));
    let custom = layout.customs.iter().map(|&place| {
        let id = settings.custom_fields[place].id.to_string();
        settings.policies.get(&id).copied().unwrap_or_else(|| settings.record_type.default_custom_policy())
    });
    standard.chain(custom).collect()
}

fn policy_of(field: Field, settings: &Settings) -> Policy {
    if settings.record_type.is_identity(field) {
        return Policy::Keep;
    }
    // A first name lives and dies with the name it is part of.
    let field = if field == Field::FirstName { Field::Name } else { field };
    settings.policies.get(field.key()).copied().unwrap_or_else(|| settings.record_type.default_policy(field))
}

fn options(field: &CustomField) -> HashMap<String, String> {
    if !matches!(field.kind, CustomKind::SingleSelect | CustomKind::MultiSelect) {
        return HashMap::new();
    }
    field.options.iter().map(|option| (text::key(option), option.clone())).collect()
}
