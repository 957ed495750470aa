//! How the cells of each style show their numbers.

use std::collections::HashMap;
use std::io::BufRead;

use quick_xml::events::Event;

use crate::problem::Problem;
use crate::workbook::markup::{Markup, attribute, local, raw_attribute};
use crate::workbook::number_format::{Shown, built_in, shown_by};
use crate::workbook::too_large;

/// Styles that are remembered; Excel allows 65,490.
const MAX_STYLES: usize = 100_000;

static PLAIN: Shown = Shown::Plain;

/// By the number of a cell's style.
#[derive(Debug, Default)]
pub(super) struct Styles {
    shown: Vec<Shown>,
}

impl Styles {
    /// Reads the styles part, if there is one.
    pub(super) fn read(part: Option<impl BufRead>) -> Result<Self, Problem> {
        let Some(part) = part else { return Ok(Self::default()) };
        let mut markup = Markup::new(part, "styles.xml");
        let mut formats: HashMap<u32, Shown> = HashMap::new();
        let mut shown = Vec::new();
        let mut in_cell_styles = false;
        loop {
            match markup.next()? {
                Event::Start(tag) => match local(tag.name().0) {
                    "numFmt" => {
                        let id = raw_attribute(&tag, "numFmtId").and_then(|id| id.parse().ok());
                        if let (Some(id), Some(code)) = (id, attribute(&tag, "formatCode")) {
                            formats.insert(id, shown_by(&code));
                        }
                    }
                    "cellXfs" => in_cell_styles = true,
                    "xf" if in_cell_styles => {
                        let id = raw_attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                        shown.push(formats.get(&id).cloned().unwrap_or_else(|| built_in(id)));
                    }
                    _ => {}
                },
                Event::End(tag) if local(tag.name().0) == "cellXfs" => return Ok(Self { shown }),
                Event::Eof => return Ok(Self { shown }),
                _ => {}
            }
            if shown.len() > MAX_STYLES || formats.len() > MAX_STYLES {
                return Err(too_large("The workbook has more cell styles than any workbook needs"));
            }
        }
    }

    /// How a cell of this style shows its number.
    #[inline]
    pub(super) fn shown(&self, style: u32) -> &Shown {
        self.shown.get(style as usize).unwrap_or(&PLAIN)
    }
}
