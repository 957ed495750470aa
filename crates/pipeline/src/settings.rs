//! What the user chose for one import, frozen when it starts: everything the check and the run read besides the file.

use std::collections::BTreeMap;

use convoke_people::custom::CustomField;
use convoke_people::date::DateOrder;
use convoke_people::id::GroupId;
use convoke_people::number::Decimal;
use convoke_people::person::Kind;
use convoke_people::platform::Platform;
use convoke_people::policy::Policy;
use convoke_people::record_type::{OnMatch, RecordType};
use serde::{Deserialize, Serialize};

/// What happens to a row whose person is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnNew {
    Create,
    Skip,
}

/// A group as imports see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupName {
    pub id: GroupId,
    pub name: String,
    /// Compared without case.
    pub key: String,
}

/// Refuse the file when more rows would fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopRule {
    Rows(u64),
    /// Of all rows.
    Percent(u8),
}

impl StopRule {
    /// Reads `N` or `N%`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().strip_suffix('%') {
            Some(percent) => percent.trim().parse().ok().filter(|p| *p <= 100).map(Self::Percent),
            None => text.trim().parse().ok().map(Self::Rows),
        }
    }

    pub fn is_broken_by(self, failed: u64, total: u64) -> bool {
        match self {
            Self::Rows(most) => failed > most,
            Self::Percent(most) => failed * 100 > u64::from(most) * total,
        }
    }
}

/// The options of an import and the parts of the workspace that it was begun with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub record_type: RecordType,
    pub on_match: OnMatch,
    pub on_new: OnNew,
    /// Advocates only: imported as advocates or as nominees.
    pub kind: Option<Kind>,
    /// Policies that differ from the record type's, by field key or `fld_...`.
    pub policies: BTreeMap<String, Policy>,
    /// Groups every imported row is put into.
    pub groups: Vec<GroupId>,
    /// Tags every imported row is given, as written.
    pub tags: Vec<String>,
    /// Skipped duplicates get the tags as well.
    pub tag_duplicates: bool,
    pub clear_token: Option<String>,
    pub dates: Option<DateOrder>,
    pub decimal: Option<Decimal>,
    /// What a number that reads two ways means where nobody said so and no other cell tells: a workbook's numbers have points.
    #[serde(default)]
    pub decimal_if_open: Option<Decimal>,
    pub stop_rule: Option<StopRule>,
    /// Which column of accounts says who somebody is; those not named follow in the order of the file.
    #[serde(default)]
    pub accounts: Vec<Platform>,
    /// All groups of the workspace.
    pub known_groups: Vec<GroupName>,
    /// The record type's custom fields.
    pub custom_fields: Vec<CustomField>,
}

impl Settings {
    /// The record type's defaults in a workspace without groups and custom fields.
    pub fn new(record_type: RecordType) -> Self {
        Self {
            record_type,
            on_match: record_type.default_on_match(),
            on_new: OnNew::Create,
            kind: (record_type == RecordType::Advocate).then_some(Kind::Advocate),
            policies: BTreeMap::new(),
            groups: Vec::new(),
            tags: Vec::new(),
            tag_duplicates: false,
            clear_token: None,
            dates: None,
            decimal: None,
            decimal_if_open: None,
            stop_rule: None,
            accounts: Vec::new(),
            known_groups: Vec::new(),
            custom_fields: Vec::new(),
        }
    }
}
