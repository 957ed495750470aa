//! The strings that cells share, in blocks of memory that never move.
//!
//! Invariant: memory is what the strings take, up to [`MAX_BYTES`], and never twice of it.

use std::io::BufRead;

use quick_xml::events::Event;

use super::texts::push_item;
use crate::problem::Problem;
use crate::workbook::markup::{Markup, local};
use crate::workbook::{damaged, too_large};

/// Bytes of all strings with what is needed to find them: a million people of ten long, distinct cells.
const MAX_BYTES: usize = 200 << 20;

const BLOCK_BYTES: usize = 1 << 20;
const BLOCK_PLACES: usize = 1 << 16;

/// Where a string stands: its block, the byte it starts at, and its length.
#[derive(Clone, Copy, Debug)]
struct Place {
    block: u32,
    start: u32,
    length: u32,
}

/// By the number that cells refer to.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    blocks: Vec<String>,
    places: Vec<Vec<Place>>,
    bytes: usize,
}

impl SharedStrings {
    /// Reads the part, if there is one.
    pub(super) fn read(part: Option<impl BufRead>) -> Result<Self, Problem> {
        let mut strings = Self::default();
        let Some(part) = part else { return Ok(strings) };
        let mut markup = Markup::new(part, "sharedStrings.xml");
        let mut text = String::new();
        loop {
            match markup.next()? {
                Event::Start(tag) if local(tag.name().0) == "si" => {}
                Event::Eof => return Ok(strings),
                _ => continue,
            }
            text.clear();
            push_item(&mut markup, &mut text)?;
            strings.push(&text)?;
        }
    }

    /// The string of this number.
    #[inline]
    pub(super) fn get(&self, number: usize) -> Option<&str> {
        let place = self.places.get(number / BLOCK_PLACES)?.get(number % BLOCK_PLACES)?;
        self.blocks[place.block as usize].get(place.start as usize..(place.start + place.length) as usize)
    }

    /// The string that a cell refers to.
    #[inline]
    pub(super) fn of_cell(&self, reference: &str) -> Result<&str, Problem> {
        let found = reference.trim().parse().ok().and_then(|number| self.get(number));
        found.ok_or_else(|| damaged(format_args!("a cell refers to the shared text {reference}, which is not there")))
    }

    fn push(&mut self, text: &str) -> Result<(), Problem> {
        if self.blocks.last().is_none_or(|block| block.capacity() - block.len() < text.len()) {
            self.blocks.push(String::with_capacity(BLOCK_BYTES.max(text.len())));
        }
        if self.places.last().is_none_or(|places| places.len() == BLOCK_PLACES) {
            self.places.push(Vec::with_capacity(BLOCK_PLACES));
        }
        self.bytes += text.len() + size_of::<Place>();
        if self.bytes > MAX_BYTES {
            return Err(too_large(format!("The workbook holds more than {} MB of distinct text", MAX_BYTES >> 20)));
        }
        let number = self.blocks.len() - 1;
        if let (Some(block), Some(places)) = (self.blocks.last_mut(), self.places.last_mut()) {
            places.push(Place { block: number as u32, start: block.len() as u32, length: text.len() as u32 });
            block.push_str(text);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_by_their_number_over_all_blocks() {
        let mut strings = SharedStrings::default();
        let text = |number: usize| format!("{number}{}", "x".repeat(number % 90));
        for number in 0..200_000 {
            strings.push(&text(number)).expect("room");
        }
        assert!(strings.blocks.len() > 5 && strings.places.len() == 4);
        for number in [0, 1, 65_535, 65_536, 131_072, 199_999] {
            assert_eq!(strings.get(number), Some(text(number).as_str()));
        }
        assert_eq!(strings.get(200_000), None);
    }

    #[test]
    fn a_reference_that_leads_nowhere_is_damage() {
        let strings = SharedStrings::default();
        for reference in ["0", "-1", "x", "", "99999999999999999999999"] {
            assert_eq!(strings.of_cell(reference).expect_err("damage").code.key(), "workbook_damaged");
        }
    }
}
