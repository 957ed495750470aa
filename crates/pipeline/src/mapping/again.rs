//! Says a mapping again: the choices that decide the same columns of the same headers the same way, so that a file that
//! was given back can be imported as the one it came from.

use convoke_people::text;

use super::{Column, Mapping, MappingChoices, Target, column_letters, own_columns};
use crate::headers::recognise;
use crate::settings::Settings;

/// Columns left out by name; of more, all that mean nothing are left out together.
const MOST_NAMED: usize = 3;

impl Mapping {
    /// Choices that lead to this mapping again. None where a column can be named in no way that means it alone.
    pub fn choices_again(&self, settings: &Settings) -> Option<MappingChoices> {
        let own = &self.columns[..self.result_columns().start];
        let left_out = own.iter().filter(|column| column.target.is_none() && !column.must_be_blank).count();
        let is_long = left_out > MOST_NAMED;
        self.choices_that(settings, is_long).or_else(|| self.choices_that(settings, !is_long))
    }

    fn choices_that(&self, settings: &Settings, ignore_unknown: bool) -> Option<MappingChoices> {
        let headers: Vec<String> = self.columns.iter().map(|column| column.header.clone()).collect();
        let mut choices = MappingChoices { ignore_unknown, ..MappingChoices::default() };
        let own = headers.len() - own_columns(&headers);
        let recognised = recognise(&headers[..own], settings, |_| true);
        for (place, column) in self.columns[..own].iter().enumerate() {
            let by_itself = recognised[place].map(|it| it.target);
            match column.target {
                target if target == by_itself && target.is_some() => {}
                Some(target) => choices.map.push((self.name_of(place), field_name(target, settings)?)),
                None if column.must_be_blank || ignore_unknown && by_itself.is_none() => {}
                None => choices.ignore.push(self.name_of(place)),
            }
        }
        let decided = Self::decide(&headers, &choices, settings, |_| Vec::new()).ok();
        decided.is_some_and(|decided| decided == *self).then_some(choices)
    }

    /// The header where it names this column alone, else the letter.
    fn name_of(&self, place: usize) -> String {
        let header = &self.columns[place].header;
        let is_same = |column: &&Column| text::key(&column.header) == text::key(header);
        let is_alone = !header.is_empty() && self.columns.iter().filter(is_same).count() == 1;
        if is_alone { header.clone() } else { column_letters(place) }
    }
}

/// A name that is read as this target.
pub fn field_name(target: Target, settings: &Settings) -> Option<String> {
    let label = target.label(settings);
    let key = match target {
        Target::Field(field) => field.key().to_owned(),
        _ => label.clone(),
    };
    [label, key].into_iter().find(|name| Target::parse(name, settings) == Some(target))
}

#[cfg(test)]
mod tests {
    use convoke_people::record_type::RecordType;

    use super::*;

    fn again(headers: &[&str], map: &[(&str, &str)], ignore: &[&str], ignore_unknown: bool) -> Option<MappingChoices> {
        let headers: Vec<_> = headers.iter().map(ToString::to_string).collect();
        let settings = Settings::new(RecordType::Advocate);
        let choices = MappingChoices {
            map: map.iter().map(|(name, field)| (name.to_string(), field.to_string())).collect(),
            ignore: ignore.iter().map(ToString::to_string).collect(),
            ignore_unknown,
            saved: None,
        };
        let mapping = Mapping::decide(&headers, &choices, &settings, |_| Vec::new()).expect("decided");
        mapping.choices_again(&settings)
    }

    #[test]
    fn only_what_headers_do_not_say_themselves_is_said_again() {
        let choices = again(&["Name", "Email"], &[("name", "Name")], &[], false).expect("said");
        assert_eq!(choices, MappingChoices::default());
        let choices = again(&["Who", "Email", "Shoe size", ""], &[("a", "name")], &["shoe SIZE"], false).expect("said");
        assert_eq!(choices.map, [("Who".to_owned(), "Name".to_owned())]);
        assert_eq!((choices.ignore, choices.ignore_unknown), (vec!["Shoe size".to_owned()], false));
    }

    #[test]
    fn a_header_that_stands_twice_is_said_by_its_letter() {
        let choices = again(&["Name", "Email", "Email"], &[], &["C"], false).expect("said");
        assert_eq!(choices.ignore, ["C"]);
        let choices = again(&["C", "Email", "q", "q"], &[("A", "name")], &["q"], false).expect("said");
        assert!(choices.ignore_unknown && choices.ignore.is_empty(), "a header takes the letter: {choices:?}");
    }

    #[test]
    fn many_that_mean_nothing_are_left_out_together() {
        let choices = again(&["Name", "Email", "q", "r", "s", "t"], &[], &[], true).expect("said");
        assert!(choices.ignore_unknown && choices.ignore.is_empty());
        let choices = again(
            &["Name", "Email", "q", "row", "outcome", "person id", "matched account", "messages"],
            &[],
            &["q"],
            false,
        );
        assert_eq!(choices.expect("said").ignore, ["q"]);
    }
}
