//! What the columns of a file may be, for somebody to confirm: what headers say for sure, what was chosen for the same
//! header before, similar headers, and what the cells look like. No target is ever suggested for two columns.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use convoke_people::custom::CustomKind;
use convoke_people::email::Email;
use convoke_people::field::Field;
use convoke_people::handle::Handle;
use convoke_people::text::{self, bare};

use crate::headers::recognise;
use crate::likeness::{Words, every_word, likeness};
use crate::mapping::Target;
use crate::new_fields::kind_of_cells;
use crate::settings::Settings;
use crate::synonyms::{TABLE, is_for, is_known_header};

/// Where a suggestion comes from, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The header is the field's own name.
    Exact,
    Synonym,
    /// The workspace chose it for the same header before.
    Remembered,
    /// The header reads like one that is known.
    Similar,
    /// The cells look like it.
    Samples,
    None,
}

/// What a column may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suggestion {
    pub target: Option<Target>,
    /// In percent. Exact names and synonyms are mapped without asking; all others are to be confirmed.
    pub certainty: u8,
    pub why: Why,
    /// Without a target: what a new custom field for these cells would be.
    pub new_field: Option<CustomKind>,
}

impl Suggestion {
    const NOTHING: Self = Self { target: None, certainty: 0, why: Why::None, new_field: None };

    fn of(target: Target, certainty: u8, why: Why) -> Self {
        Self { target: Some(target), certainty, why, new_field: None }
    }
}

/// Bytes of the longest header that is compared with names.
const LONGEST_NAME: usize = 120;
/// Two headers less alike than this, in percent, are not suggested for one another.
const LEAST_LIKE: u8 = 75;
/// However alike: two words may mean different things.
const MOST_LIKE: u8 = 89;
const BY_CELLS: u8 = 80;

/// A header with one of these is about somebody or something else than the person, or only sounds like a field.
const NOT_THE_PERSON: &str = "owner manager assistant referrer referred referral billing shipping paypal parent spouse partner secondary other \
     previous alternate yomi phonetic kana middle nick nickname maiden user created modified updated opt optin unsubscribed \
     blacklisted status type id ids date time score county audience top average avg total campaign deal sequence ticket \
     event order form ad assistent vorgesetzte weitere geburts privat privé privée copie acheteur secundario otro otra \
     segundo fax pager count rate";

static NOT_THE_PERSON_BARE: LazyLock<HashSet<String>> =
    LazyLock::new(|| NOT_THE_PERSON.split_whitespace().map(bare).collect());

/// A suggestion for every column. `samples` holds a few cells of each column, `remembered` what was chosen for headers
/// before.
pub fn suggest(
    headers: &[String],
    samples: &[Vec<String>],
    settings: &Settings,
    remembered: &[(String, Target)],
) -> Vec<Suggestion> {
    let mut found = Suggestions { columns: vec![Suggestion::NOTHING; headers.len()], taken: Vec::new() };
    for (place, recognised) in recognise(headers, settings, |_| true).into_iter().enumerate() {
        let Some(recognised) = recognised else { continue };
        let (certainty, why) = if recognised.is_exact { (100, Why::Exact) } else { (95, Why::Synonym) };
        found.add(place, Suggestion::of(recognised.target, certainty, why));
    }
    for (place, header) in headers.iter().enumerate() {
        let key = text::key(header);
        let chosen = remembered.iter().find(|(other, target)| text::key(other) == key && is_there(*target, settings));
        if let Some((_, target)) = chosen {
            found.add(place, Suggestion::of(*target, 90, Why::Remembered));
        }
    }
    found.add_similar(headers, samples, settings);
    for (place, cells) in samples.iter().enumerate().take(headers.len()) {
        let cells: Vec<_> = cells.iter().map(|cell| text::trim(cell)).filter(|cell| !cell.is_empty()).collect();
        if let Some(target) = target_of_cells(&cells).filter(|target| is_for(*target, settings.record_type)) {
            found.add(place, Suggestion::of(target, BY_CELLS, Why::Samples));
        }
        if found.columns[place].target.is_none() {
            found.columns[place].new_field = kind_of_cells(&headers[place], &cells);
        }
    }
    found.columns
}

struct Suggestions {
    columns: Vec<Suggestion>,
    /// Targets that a column has.
    taken: Vec<Target>,
}

impl Suggestions {
    /// Unless the column has one already, or another column has its target.
    fn add(&mut self, place: usize, suggestion: Suggestion) {
        let Some(target) = suggestion.target else { return };
        if self.columns[place].target.is_none() && !self.taken.contains(&target) {
            self.columns[place] = suggestion;
            self.taken.push(target);
        }
    }

    fn add_similar(&mut self, headers: &[String], samples: &[Vec<String>], settings: &Settings) {
        let open = headers.iter().enumerate().filter(|(place, header)| {
            // What is longer is a sentence, and comparing it with every name takes long.
            let is_name = header.len() <= LONGEST_NAME;
            self.columns[*place].target.is_none() && is_name && !is_known_header(header) && !is_of_somebody_else(header)
        });
        let names = known_names(settings);
        let names_like = |header: &String| {
            let words = Words::of(header);
            let alike = names.iter().map(|(target, name)| (likeness(&words, name), *target));
            alike.filter(|(certainty, _)| *certainty >= LEAST_LIKE).collect::<Vec<_>>()
        };
        // Thousands of columns often have one name.
        let mut by_header = HashMap::new();
        let mut alike = Vec::new();
        for (place, header) in open {
            for &(certainty, target) in &*by_header.entry(header).or_insert_with_key(|header| names_like(header)) {
                if samples.get(place).is_none_or(|cells| may_hold(target, cells)) {
                    alike.push((certainty, place, target));
                }
            }
        }
        // Stable: of equals the first column, and the first field of the table.
        alike.sort_by_key(|(certainty, place, _)| (std::cmp::Reverse(*certainty), *place));
        for (certainty, place, target) in alike {
            self.add(place, Suggestion::of(target, certainty.min(MOST_LIKE), Why::Similar));
        }
    }
}

fn is_there(target: Target, settings: &Settings) -> bool {
    match target {
        Target::Custom(id) => settings.custom_fields.iter().any(|field| field.id == id),
        _ => is_for(target, settings.record_type),
    }
}

fn known_names(settings: &Settings) -> Vec<(Target, Words)> {
    let standard = TABLE.iter().filter(|entry| is_for(entry.target, settings.record_type));
    let standard = standard.flat_map(|entry| entry.every().map(|name| (entry.target, Words::of(name))));
    let custom = settings.custom_fields.iter().map(|field| (Target::Custom(field.id), Words::of(&field.name)));
    standard.chain(custom).collect()
}

fn is_of_somebody_else(header: &str) -> bool {
    let words = every_word(header);
    // A number or letter tells one of several columns of a kind: `Email 2`, `Name L`.
    let tells_apart = |word: &String| word.chars().count() == 1 || word.ends_with(|c: char| c.is_numeric());
    words.iter().any(tells_apart) || words.iter().any(|word| NOT_THE_PERSON_BARE.contains(word))
}

/// Whether cells that were seen speak against a target.
fn may_hold(target: Target, cells: &[String]) -> bool {
    let mut cells = cells.iter().map(|cell| text::trim(cell)).filter(|cell| !cell.is_empty()).peekable();
    if cells.peek().is_none() {
        return true;
    }
    match target {
        Target::Field(Field::Email) => cells.any(|cell| cell.contains('@')),
        Target::Field(Field::Followers | Field::EngagementRate | Field::Phone) => {
            cells.any(|cell| cell.contains(|c: char| c.is_ascii_digit()))
        }
        Target::Field(Field::ProfileUrl | Field::Website) => cells.any(|cell| cell.contains('.')),
        Target::Field(Field::Name | Field::FirstName) | Target::LastName => cells.any(|cell| !cell.contains('@')),
        _ => true,
    }
}

fn target_of_cells(cells: &[&str]) -> Option<Target> {
    let all = |is: fn(&str) -> bool| !cells.is_empty() && cells.iter().all(|cell| is(cell));
    if all(|cell| Email::parse(cell).is_ok()) {
        Some(Target::Field(Field::Email))
    } else if all(|cell| Handle::from_profile_url(None, cell).is_ok()) {
        Some(Target::Field(Field::ProfileUrl))
    } else if all(|cell| cell.strip_prefix(['@', '＠']).is_some_and(|name| !name.is_empty() && !name.contains(' '))) {
        Some(Target::Field(Field::Handle))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use convoke_people::record_type::RecordType;

    use super::*;

    fn suggestions(record_type: RecordType, columns: &[(&str, &[&str])]) -> Vec<Suggestion> {
        let headers: Vec<_> = columns.iter().map(|(header, _)| header.to_string()).collect();
        let samples: Vec<Vec<_>> =
            columns.iter().map(|(_, cells)| cells.iter().map(ToString::to_string).collect()).collect();
        suggest(&headers, &samples, &Settings::new(record_type), &[])
    }

    macro_rules! is_like {
        ($($name:ident: $header:literal => $target:expr;)*) => {$(
            #[test]
            fn $name() {
                let found = suggestions(RecordType::Prospect, &[($header, &[])])[0];
                assert_eq!(found.target, $target, "{found:?}");
                assert!(found.target.is_none() || found.why == Why::Similar && found.certainty <= MOST_LIKE);
            }
        )*};
    }

    is_like! {
        an_abbreviation: "Mail-Adr." => Some(Target::Field(Field::Email));
        a_slip_of_the_fingers: "Emial adress" => Some(Target::Field(Field::Email));
        a_question: "Please enter your email address" => Some(Target::Field(Field::Email));
        a_plural: "Company names" => Some(Target::Field(Field::Company));
        a_word_more_means_something_else: "Company size" => None;
        a_county_is_no_country: "County" => None;
        the_owners_address_is_not_the_persons: "Contact Owner Email" => None;
        an_address_for_payments_is_not_the_persons: "PayPal email" => None;
        a_short_word_is_like_nothing: "x" => None;
    }

    #[test]
    fn the_own_name_is_sure_and_a_synonym_nearly() {
        let found = suggestions(RecordType::Advocate, &[("Name", &[]), ("Courriel", &[])]);
        assert_eq!((found[0].why, found[0].certainty), (Why::Exact, 100));
        assert_eq!((found[1].why, found[1].certainty), (Why::Synonym, 95));
    }

    #[test]
    fn what_was_chosen_before_comes_before_what_is_similar() {
        let headers = ["Mail-Adr.".to_owned(), "Who".to_owned(), "Gone".to_owned()];
        let gone = Target::Custom(convoke_people::id::FieldId(7));
        let remembered = [
            ("who".to_owned(), Target::Field(Field::Name)),
            ("MAIL-ADR.".to_owned(), Target::Field(Field::Notes)),
            ("Gone".to_owned(), gone),
        ];
        let found = suggest(&headers, &[], &Settings::new(RecordType::Prospect), &remembered);
        assert_eq!(found[0], Suggestion::of(Target::Field(Field::Notes), 90, Why::Remembered));
        assert_eq!(found[1].target, Some(Target::Field(Field::Name)));
        assert_eq!(found[2], Suggestion::NOTHING, "a field that is no more is not suggested");
    }

    #[test]
    fn cells_tell_where_headers_do_not() {
        let found = suggestions(
            RecordType::Creator,
            &[
                ("A", &["ada@example.com", "", "bo@example.org"]),
                ("B", &["https://www.instagram.com/ada", "tiktok.com/@bo"]),
                ("C", &["@ada", "@bo"]),
                ("D", &["2026-01-31", "2026-02-01"]),
                ("E", &["12", "1.5"]),
                ("F", &["yes", "no"]),
                ("G", &["red", "blue"]),
                ("H", &["", ""]),
            ],
        );
        let targets: Vec<_> = found.iter().map(|suggestion| suggestion.target).collect();
        let fields = [Field::Email, Field::ProfileUrl, Field::Handle].map(|field| Some(Target::Field(field)));
        assert_eq!(targets[..3], fields);
        let kinds: Vec<_> = found[3..].iter().map(|suggestion| suggestion.new_field).collect();
        let [date, number] = [Some(CustomKind::Date), Some(CustomKind::Number)];
        assert_eq!(kinds, [date, number, Some(CustomKind::YesNo), Some(CustomKind::Text), None]);
    }

    #[test]
    fn no_target_is_suggested_twice() {
        let found = suggestions(
            RecordType::Prospect,
            &[("Email", &[]), ("Emails", &[]), ("q", &["ada@example.com"]), ("Email", &[])],
        );
        let targets: Vec<_> = found.iter().filter_map(|suggestion| suggestion.target).collect();
        assert_eq!(targets, [Target::Field(Field::Email)]);
    }

    #[test]
    fn cells_speak_against_a_similar_header() {
        let found = suggestions(RecordType::Prospect, &[("Mail-Adr.", &["Main Street 1", "Side Street 2"])]);
        assert_eq!(found[0].target, None);
    }
}
