//! The catalogue of what can be wrong with a row: stable code, severity, sentence, hint. The docs page is generated
//! from this table, and every surface shows these sentences.

use serde::{Deserialize, Serialize};

/// An error fails its row; warnings and notices do not, and a notice is not worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Notice,
}

impl Severity {
    pub fn key(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

macro_rules! catalogue {
    ($($code:ident $key:literal $severity:ident $sentence:literal $hint:literal;)*) => {
        /// The code of an issue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum IssueCode { $(#[serde(rename = $key)] $code),* }

        impl IssueCode {
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// Reads the stable word.
            pub fn parse(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.key() == key)
            }

            /// The stable word of API and files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$code => $key),* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Self::$code => Severity::$severity),* }
            }

            /// The sentence; `{field}` is the column's field, `{value}` the cell, `{detail}` what the issue adds.
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$code => $sentence),* }
            }

            /// What to do next.
            pub fn hint(self) -> &'static str {
                match self { $(Self::$code => $hint),* }
            }
        }
    };
}

catalogue! {
    EmailBlank "email_blank" Error "Email is invalid, Email can't be blank"
        "Fill in the e-mail address: it is how a person is told from another.";
    EmailInvalid "email_invalid" Error "Email is invalid"
        "Correct the address ({detail}).";
    EmailTaken "email_taken" Notice "Email is already taken"
        "This person was invited before and has not joined; an import does not invite again.";
    RequiredBlank "required_blank" Error "{field} can't be blank"
        "Fill in the cell: a new person needs it.";
    AccountBlank "account_blank" Error "{field} can't be blank where {detail} blank too"
        "Fill in one of them: an account is how a creator is told from another.";
    ValueBlank "value_blank" Warning "{field} value can't be blank"
        "The cell holds only blanks; nothing was written for it.";
    ValueTaken "value_taken" Warning "{field} value has already been taken"
        "The cell names the same value twice ({detail}); it was kept once.";
    ValueTooLong "value_too_long" Error "{field} value is too long (maximum is 255 characters)"
        "Shorten the value: it has {detail} characters.";
    TooManyValues "too_many_values" Error "{field} has too many values"
        "A cell takes up to 500 values; this one has {detail}.";
    InvalidEncoding "invalid_encoding" Error "FAILED: Invalid Encoding"
        "The row holds bytes that are no text in the encoding of the file. Say which it is with --encoding, or save it as UTF-8.";
    GroupUnknown "group_unknown" Error "Group {value} does not exist"
        "Create the group first, or correct its name; an import creates no groups.";
    PlatformUnknown "platform_unknown" Error "Platform {value} is not known"
        "{detail}";
    HandleInvalid "handle_invalid" Error "Handle {value} is not valid"
        "{detail}";
    PlatformMismatch "platform_mismatch" Error "{value} is not an address of the row's platform"
        "{detail}";
    NotAProfileUrl "not_a_profile_url" Error "{value} is not the address of a profile"
        "{detail}";
    OptionUnknown "option_unknown" Error "{field} value {value} is not one of its options"
        "Options are: {detail}.";
    NumberInvalid "number_invalid" Error "{field} value {value} is not a number"
        "Write it like 1234.5 or 1,234.5.";
    DateInvalid "date_invalid" Error "{field} value {value} is not a date"
        "Write it like 2026-04-30.";
    YesNoInvalid "yes_no_invalid" Error "{field} value {value} is not yes or no"
        "Write yes or no (true, false, 1 and 0 do as well).";
    TooManyCells "too_many_cells" Error "The row has a value beyond the last header: {value}"
        "Quote cells that hold a comma, or add a header for column {detail}.";
    RowRefused "row_refused" Error "The database refused this row"
        "The other rows are not affected. {detail}";
    RowStumbled "row_stumbled" Error "Convoke made a mistake at this row"
        "The row need not be wrong, and the other rows are not affected. Tell the operator; a later version may import it.";
    HandleUnusual "handle_unusual" Warning "Handle {value} is unusual"
        "{detail}";
    ValueIgnored "value_ignored" Warning "{field} value {value} was not written"
        "{detail}";
    ControlCharacterRemoved "control_character_removed" Warning "Control characters were removed from {field}"
        "The cell holds characters that cannot be seen; the rest was kept.";
    ExternalIdElsewhere "external_id_elsewhere" Warning "{field} {value} belongs to another person"
        "It belongs to {detail}.";
    AmbiguousMatch "ambiguous_match" Warning "Several accounts match"
        "{detail}";
    DuplicatePerson "duplicate_person" Notice "Already here"
        "This person is in the workspace; the row was skipped.";
    DuplicateInFile "duplicate_in_file" Notice "Duplicate of row {detail}"
        "Row {detail} names the same person.";
    NotKnown "not_known" Notice "Not in the workspace yet"
        "This import only updates people who are there.";
    NotAContact "not_a_contact" Notice "Not a contact"
        "The line reads like a title, a total or a footer.";
    ExampleRow "example_row" Notice "The template's example row"
        "It is never imported.";
    ErasedPerson "erased_person" Notice "This person was erased"
        "An admin can lift this.";
    ArchivedPerson "archived_person" Notice "This person is archived"
        "The person was updated and stays archived.";
    NoEmail "no_email" Notice "No e-mail address"
        "Without one a person cannot be invited.";
    AccountMatched "account_matched" Notice "Matches an account"
        "{detail}";
    PossibleDuplicate "possible_duplicate" Notice "Possible duplicate: {value}"
        "{detail}";
    Drifted "drifted" Warning "Ended otherwise than the check foretold"
        "The check foretold \"{detail}\"; the workspace changed after it.";
    NomineeUpgraded "nominee_upgraded" Notice "Nominee becomes advocate"
        "The list was imported as advocates.";
}

/// Longest piece of a cell that an issue quotes, in characters.
pub const MAX_QUOTED_CHARS: usize = 200;

/// Something to say about a row, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    #[serde(rename = "c")]
    pub code: IssueCode,
    /// The field's name where the issue belongs to one column.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub column: Option<Box<str>>,
    /// The cell, cut after [`MAX_QUOTED_CHARS`].
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Box<str>>,
    #[serde(rename = "d", default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Box<str>>,
}

impl Issue {
    pub fn new(code: IssueCode) -> Self {
        Self { code, column: None, value: None, detail: None }
    }

    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.into());
        self
    }

    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        self.value = Some(quote(value).into());
        self
    }

    #[must_use]
    pub fn detail(mut self, detail: impl ToString) -> Self {
        self.detail = Some(detail.to_string().into());
        self
    }

    pub fn message(&self) -> String {
        self.fill(self.code.sentence())
    }

    /// What to do next, in sentences. A detail that the catalogue's hint has no place for is the better hint.
    pub fn hint(&self) -> String {
        match (self.code.hint(), &self.detail) {
            ("{detail}", detail) => as_sentence(detail.as_deref().unwrap_or_default()),
            (hint, Some(detail)) if !hint.contains("{detail}") && !self.code.sentence().contains("{detail}") => {
                as_sentence(detail)
            }
            (hint, _) => self.fill(hint),
        }
    }

    fn fill(&self, template: &str) -> String {
        let mut text = String::with_capacity(template.len() + 40);
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            text.push_str(&rest[..open]);
            let close = rest[open..].find('}').map_or(rest.len() - 1, |at| open + at);
            text.push_str(match &rest[open + 1..close] {
                "field" => self.column.as_deref().unwrap_or("The row"),
                "value" => self.value.as_deref().unwrap_or_default(),
                _ => self.detail.as_deref().unwrap_or_default(),
            });
            rest = &rest[close + 1..];
        }
        text.push_str(rest);
        text
    }
}

/// Reasons are written like the errors they come from: in lower case, without a full stop.
fn as_sentence(text: &str) -> String {
    let mut rest = text.chars();
    let mut sentence: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
    sentence.push_str(rest.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// The beginning of a cell, short enough for a message.
pub(crate) fn quote(value: &str) -> String {
    match value.char_indices().nth(MAX_QUOTED_CHARS) {
        None => value.to_owned(),
        Some((end, _)) => format!("{}…", &value[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_their_sentences_fill_in() {
        for (place, code) in IssueCode::ALL.iter().enumerate() {
            assert!(IssueCode::ALL[..place].iter().all(|other| other.key() != code.key()));
            let issue = Issue::new(*code).column("Product").value("{value}").detail("7");
            assert!(!issue.message().replace("{value}", "").contains('{'), "{}", issue.message());
            assert!(!issue.hint().contains("{detail}"));
        }
    }

    #[test]
    fn a_reason_becomes_a_sentence_and_a_detail_the_hint() {
        let hint = |code, detail: &str| Issue::new(code).detail(detail).hint();
        assert_eq!(hint(IssueCode::HandleInvalid, "an X handle is short"), "An X handle is short.");
        assert_eq!(hint(IssueCode::ValueIgnored, "It is no web address."), "It is no web address.");
        assert_eq!(hint(IssueCode::RequiredBlank, "Name the platform."), "Name the platform.");
        assert_eq!(Issue::new(IssueCode::RequiredBlank).hint(), "Fill in the cell: a new person needs it.");
        assert_eq!(hint(IssueCode::EmailInvalid, "there is no @"), "Correct the address (there is no @).");
    }

    #[test]
    fn a_long_cell_is_quoted_in_part() {
        let issue = Issue::new(IssueCode::EmailInvalid).value(&"ä".repeat(500));
        assert_eq!(issue.value.expect("value").chars().count(), MAX_QUOTED_CHARS + 1);
    }
}
