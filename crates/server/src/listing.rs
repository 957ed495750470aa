//! What requests for lists by name, and for deletions, say behind the question mark.

use convoke_app::Result;
use convoke_app::directory::pages::Asked;
use convoke_app::directory::people::record_type;
use convoke_app::people::record_type::RecordType;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// The record types, as requests name them.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes a part of an address")]
pub(crate) enum RecordTypes {
    Creators,
    Prospects,
    Advocates,
}

/// Which page of a list by name.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// Items a page holds: 50 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// What names begin with, without regard to case.
    name: Option<String>,
}

impl Named {
    pub(crate) fn asked(&self) -> Asked {
        Asked { limit: self.limit, after: self.after.clone(), name: self.name.clone() }
    }
}

/// The same, of what belongs to a record type.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NamedOf {
    /// Only those of this record type.
    #[param(inline, value_type = Option<RecordTypes>)]
    r#as: Option<String>,
    /// Items a page holds: 50 if nobody says.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<u32>,
    /// The `next` of the page before.
    after: Option<String>,
    /// What names begin with, without regard to case.
    name: Option<String>,
}

impl NamedOf {
    pub(crate) fn asked(&self) -> Asked {
        Asked { limit: self.limit, after: self.after.clone(), name: self.name.clone() }
    }

    pub(crate) fn of(&self) -> Result<Option<RecordType>> {
        self.r#as.as_deref().map(record_type).transpose()
    }
}

/// That a deletion is meant, whomever it concerns.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Consent {
    /// Delete it although people, mappings or imports hang on it.
    #[serde(default)]
    pub(crate) confirm: bool,
}
