//! What a row of headers says by itself: exact names, neighbours, synonyms. Of several columns that mean one field the
//! strongest is it and the others are left to decide; a header that stands twice stays twice, which refuses the file.

use std::collections::HashMap;

use convoke_people::text;

use crate::account_headers;
use crate::mapping::{Target, custom_named};
use crate::neighbours::rule_for;
use crate::settings::Settings;
use crate::synonyms::{self, FIRST_FALLBACK, Meaning};

/// A column's meaning, and whether its header is the field's own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    pub target: Target,
    pub is_exact: bool,
}

const EXACT: u16 = 0;

/// What each column is by its header. Columns that are not `open` were decided by the user: they count as neighbours, but
/// claim nothing.
pub fn recognise(headers: &[String], settings: &Settings, open: impl Fn(usize) -> bool) -> Vec<Option<Recognised>> {
    let bare: Vec<_> = headers.iter().map(|header| text::bare(header)).collect();
    // Equal headers have equal neighbours, and mean the same: a file may have thousands of them.
    let mut known: HashMap<&str, Option<Meaning>> = HashMap::new();
    let mut meant = |place: usize| {
        let header = headers[place].as_str();
        *known.entry(header).or_insert_with(|| meaning(place, header, &bare, settings))
    };
    let meanings: Vec<_> = (0..headers.len()).map(|place| open(place).then(|| meant(place)).flatten()).collect();
    let mut strongest: Vec<Meaning> = Vec::new();
    for meaning in meanings.iter().flatten() {
        match strongest.iter_mut().find(|other| other.target == meaning.target) {
            Some(other) => other.strength = other.strength.min(meaning.strength),
            None => strongest.push(*meaning),
        }
    }
    let is_strongest = |one: &Meaning| strongest.contains(one);
    let recognised = |meaning: &Option<Meaning>| {
        let meaning = meaning.filter(is_strongest)?;
        Some(Recognised { target: meaning.target, is_exact: meaning.strength == EXACT })
    };
    meanings.iter().map(recognised).collect()
}

fn meaning(place: usize, header: &str, bare: &[String], settings: &Settings) -> Option<Meaning> {
    let key = text::key(header.trim_end_matches('*'));
    if let Some(target) = custom_named(&key, settings) {
        return Some(Meaning { target, strength: EXACT });
    }
    let by_itself = synonyms::meaning(&bare[place], settings.record_type);
    let Some(rule) = rule_for(place, bare, settings.record_type) else {
        let by_itself = by_itself.or_else(|| account_headers::meaning(place, bare, settings.record_type));
        return by_itself.map(|meaning| Meaning { strength: strength(meaning, &bare[place], settings), ..meaning });
    };
    let target = rule.means.filter(|target| synonyms::is_for(*target, settings.record_type))?;
    // Stronger than what is only a fallback.
    Some(Meaning { target, strength: FIRST_FALLBACK - 1 })
}

fn strength(meaning: Meaning, bare: &str, settings: &Settings) -> u16 {
    if text::bare(&meaning.target.label(settings)) == bare { EXACT } else { meaning.strength }
}
