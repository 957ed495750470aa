//! A draft as programs see it: what was detected, what each column may be, what was chosen, and what still has to be said.

use convoke_pipeline::mapping::{Decision, Mapping, Target, column_letters, field_name, valid_headers};
use convoke_pipeline::problem::Problem;
use convoke_pipeline::settings::Settings;
use convoke_pipeline::suggesting::{Suggestion, Why, suggest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::choices::Choices;
use super::drafts::Draft;
use super::option_names::in_api;
use super::shapes::{Import, Reason};
use super::source_info::{Detected as StoredDetected, Second};
use crate::error::Result;
use crate::workspace::Workspace;

/// Samples of a column that are shown.
const SHOWN: usize = 3;

/// A draft: an import that is prepared step by step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftShape {
    pub import: Import,
    /// Rises with every change; also the ETag.
    pub revision: u64,
    pub choices: Choices,
    pub source: DraftSource,
    pub columns: Vec<DraftColumn>,
    /// Names a column may be mapped to.
    pub fields: Vec<String>,
    /// What stands in the way of a check.
    #[schema(required)]
    pub problem: Option<Reason>,
    /// The newest import of the same content.
    #[schema(required)]
    pub same_as: Option<String>,
}

/// How a file is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftSource {
    pub bytes: u64,
    pub sha256: String,
    /// `csv`, `xlsx` or `ods`.
    pub format: String,
    #[schema(required)]
    pub encoding: Option<String>,
    #[schema(required)]
    pub delimiter: Option<String>,
    pub header_row: u32,
    /// The sheet of a workbook that is read.
    #[schema(required)]
    pub sheet: Option<String>,
    /// All sheets of a workbook.
    pub sheets: Vec<String>,
    /// Rows below the headers that are not blank.
    pub rows: u64,
    /// Formulas of a workbook that no value is stored for: they are read as blank.
    pub blank_formulas: u64,
    pub detected: Detected,
}

/// How sure detection was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Detected {
    pub encoding: Guess,
    pub delimiter: Guess,
    pub header_row: Guess,
}

/// A guess.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guess {
    /// In percent.
    pub certainty: u8,
    /// What it would be otherwise.
    #[schema(required)]
    pub runner_up: Option<String>,
}

/// What is decided about a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    Mapped,
    Ignored,
    /// It has neither header nor values.
    Blank,
    /// Somebody has to say.
    Open,
}

/// A column of a draft's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftColumn {
    /// As a spreadsheet program names it.
    #[schema(example = "A")]
    pub column: String,
    pub header: String,
    pub decided: Decided,
    /// The field it is mapped to.
    #[schema(required)]
    pub field: Option<String>,
    #[schema(required)]
    pub suggestion: Option<ColumnSuggestion>,
    /// The first values that differ.
    pub samples: Vec<String>,
}

/// What a column may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnSuggestion {
    /// None: the column may become a custom field.
    #[schema(required)]
    pub field: Option<String>,
    /// The type of the custom field it may become.
    #[schema(required)]
    pub new_field: Option<String>,
    /// In percent.
    pub certainty: u8,
    /// `exact`, `synonym`, `remembered`, `similar` or `samples`.
    pub why: String,
}

impl Workspace {
    /// A draft with what still has to be said.
    pub fn show_draft(&self, draft: &Draft) -> Result<DraftShape> {
        let (kept, import) = (&draft.kept, &draft.import);
        let (found, source) = (&kept.found, &kept.found.source);
        let options = kept.choices.options()?;
        // A group or saved mapping that was chosen may be gone.
        let chosen = self.settings(&options).and_then(|settings| Ok((settings, self.choices(&options)?)));
        let candidate = self.candidate(kept.choices.of())?;
        let (settings, outline, problem) = match chosen {
            Ok((settings, columns)) => {
                let outline = Mapping::outline(&found.headers, &columns, &settings);
                let problem = kept.mapping(&columns, &settings).err();
                (settings, outline.unwrap_or_default(), problem.map(|problem| reason(&problem)))
            }
            Err(error) => {
                let (message, hint) = (error.to_string(), in_api(error.hint().unwrap_or_default()));
                (candidate.settings, Vec::new(), Some(Reason { code: error.code().to_owned(), message, hint }))
            }
        };
        let suggestions = suggest(&found.headers, &found.samples, &settings, &candidate.remembered);
        let columns = suggestions.iter().enumerate().map(|(place, suggestion)| {
            let decision = outline.get(place).copied().unwrap_or(Decision::Open);
            column((place, &found.headers[place], &found.samples[place]), decision, suggestion, &settings)
        });
        Ok(DraftShape {
            import: import.into(),
            revision: import.revision,
            choices: kept.choices.clone(),
            source: DraftSource {
                bytes: source.bytes,
                sha256: source.sha256.clone(),
                format: source.format.clone(),
                encoding: source.encoding.clone(),
                delimiter: source.delimiter.clone(),
                header_row: source.header_row,
                sheet: source.sheet.clone(),
                sheets: found.sheets.clone(),
                rows: found.records,
                blank_formulas: source.blank_formulas,
                detected: (&source.detected).into(),
            },
            columns: columns.collect(),
            fields: valid_headers(&settings),
            problem: problem.or_else(|| Reason::stored(import)),
            same_as: draft.same_as.map(|id| id.to_string()),
        })
    }
}

fn column(
    (place, header, samples): (usize, &str, &[String]),
    decision: Decision,
    suggestion: &Suggestion,
    settings: &Settings,
) -> DraftColumn {
    let named = |target: Target| field_name(target, settings).unwrap_or_else(|| target.label(settings));
    let (decided, field) = match decision {
        Decision::Mapped(target) => (Decided::Mapped, Some(named(target))),
        Decision::Ignored => (Decided::Ignored, None),
        Decision::Open if header.is_empty() && samples.is_empty() => (Decided::Blank, None),
        Decision::Open => (Decided::Open, None),
    };
    let why = match suggestion.why {
        Why::Exact => Some("exact"),
        Why::Synonym => Some("synonym"),
        Why::Remembered => Some("remembered"),
        Why::Similar => Some("similar"),
        Why::Samples => Some("samples"),
        Why::None => suggestion.new_field.map(|_| "samples"),
    };
    let suggestion = why.map(|why| ColumnSuggestion {
        field: suggestion.target.map(named),
        new_field: suggestion.new_field.map(|kind| kind.key().to_owned()),
        certainty: suggestion.certainty,
        why: why.to_owned(),
    });
    let samples = samples.iter().take(SHOWN).cloned().collect();
    DraftColumn { column: column_letters(place), header: header.to_owned(), decided, field, suggestion, samples }
}

fn reason(problem: &Problem) -> Reason {
    Reason { code: problem.code.key().to_owned(), message: problem.message.clone(), hint: in_api(&problem.hint) }
}

impl From<&StoredDetected> for Detected {
    fn from(found: &StoredDetected) -> Self {
        Self {
            encoding: guess(&found.encoding),
            delimiter: guess(&found.delimiter),
            header_row: guess(&found.header_row),
        }
    }
}

fn guess<T: ToString>(second: &Second<T>) -> Guess {
    Guess { certainty: second.certainty, runner_up: second.runner_up.as_ref().map(ToString::to_string) }
}
