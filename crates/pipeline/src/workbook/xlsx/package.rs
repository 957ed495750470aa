//! The package: from its root by relationships to the workbook, its sheets, styles and shared strings.

use std::collections::HashMap;
use std::io::{BufRead, Read, Seek};

use quick_xml::events::{BytesStart, Event};

use crate::problem::Problem;
use crate::workbook::archive::Archive;
use crate::workbook::damaged;
use crate::workbook::dates::Epoch;
use crate::workbook::markup::{Markup, attribute, is_yes, local};
use crate::workbook::sheet_choice::{MAX_NAME_CHARS, Sheets};

/// Relationships of one part that are remembered: a sheet has one, and a workbook some more.
const MAX_RELATIONSHIPS: usize = 20_000;

/// Longest name of a part or relationship.
const MAX_NAME_BYTES: usize = 4096;

/// What a workbook consists of.
#[derive(Debug, Default)]
pub(super) struct Package {
    pub(super) sheets: Sheets,
    /// The part of each sheet.
    pub(super) parts: Vec<String>,
    pub(super) styles: Option<String>,
    pub(super) strings: Option<String>,
    pub(super) epoch: Epoch,
}

/// A sheet as the workbook names it.
struct NamedSheet {
    name: String,
    is_visible: bool,
    relationship: String,
}

struct Relationship {
    /// The last word of its type; the part before it differs between editions of the standard.
    kind: String,
    part: String,
}

impl Package {
    pub(super) fn read<R: Read + Seek>(archive: &mut Archive<R>) -> Result<Self, Problem> {
        let root = relationships(archive, "")?;
        let workbook = root.into_values().find(|found| found.kind == "officeDocument");
        let workbook = workbook.map_or_else(|| "xl/workbook.xml".to_owned(), |found| found.part);
        let mut package = Self::default();
        let named = package.read_workbook(archive, &workbook)?;
        let mut related = relationships(archive, &workbook)?;
        for sheet in named {
            match related.remove(&sheet.relationship) {
                Some(found) if found.kind == "worksheet" => {
                    package.sheets.add(&sheet.name, sheet.is_visible)?;
                    package.parts.push(found.part);
                }
                // Charts and macros have no cells.
                Some(_) => {}
                None => return Err(damaged(format_args!("nothing says where its sheet \"{}\" is", sheet.name))),
            }
        }
        let mut part = |kind: &str| {
            let found = related.values_mut().find(|found| found.kind == kind);
            found.map(|found| std::mem::take(&mut found.part))
        };
        package.styles = part("styles");
        package.strings = part("sharedStrings");
        Ok(package)
    }

    fn read_workbook<R: Read + Seek>(
        &mut self,
        archive: &mut Archive<R>,
        name: &str,
    ) -> Result<Vec<NamedSheet>, Problem> {
        let part = archive.part(name)?.ok_or_else(|| damaged(format_args!("its part {name} is missing")))?;
        let mut markup = Markup::new(part, name);
        let mut sheets = Vec::new();
        loop {
            match markup.next()? {
                Event::Start(tag) => match local(tag.name().0) {
                    "workbookPr" if attribute(&tag, "date1904").is_some_and(|value| is_yes(&value)) => {
                        self.epoch = Epoch::From1904;
                    }
                    "sheet" if sheets.len() < MAX_RELATIONSHIPS => sheets.extend(named_sheet(&tag)),
                    _ => {}
                },
                Event::Eof => return Ok(sheets),
                _ => {}
            }
        }
    }
}

fn named_sheet(tag: &BytesStart<'_>) -> Option<NamedSheet> {
    let state = attribute(tag, "state");
    Some(NamedSheet {
        name: attribute(tag, "name")?.chars().take(MAX_NAME_CHARS).collect(),
        is_visible: !matches!(state.as_deref(), Some("hidden" | "veryHidden")),
        relationship: attribute(tag, "id").filter(|id| id.len() <= MAX_NAME_BYTES)?,
    })
}

/// The relationships of a part by their ids; of the package itself, if the name is blank.
fn relationships<R: Read + Seek>(archive: &mut Archive<R>, of: &str) -> Result<HashMap<String, Relationship>, Problem> {
    let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
    let name = format!("{folder}/_rels/{file}.rels");
    match archive.part(&name)? {
        Some(part) => read_relationships(part, name.trim_start_matches('/'), folder),
        None => Ok(HashMap::new()),
    }
}

fn read_relationships(part: impl BufRead, name: &str, folder: &str) -> Result<HashMap<String, Relationship>, Problem> {
    let mut markup = Markup::new(part, name);
    let mut found = HashMap::new();
    loop {
        match markup.next()? {
            Event::Start(tag) if local(tag.name().0) == "Relationship" => {
                let is_outside = attribute(&tag, "TargetMode").is_some_and(|mode| mode == "External");
                let known = (attribute(&tag, "Id"), attribute(&tag, "Type"), attribute(&tag, "Target"));
                let (Some(id), Some(kind), Some(target)) = known else { continue };
                if is_outside || target.len() + id.len() > MAX_NAME_BYTES || found.len() >= MAX_RELATIONSHIPS {
                    continue;
                }
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                found.insert(id, Relationship { kind, part: resolve(folder, &target) });
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// The name of a part that is named from within a folder of the archive.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(path.pop()),
            step => path.push(step),
        }
    }
    path.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parts_are_resolved_within_the_archive() {
        assert_eq!(resolve("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolve("xl/worksheets", "../styles.xml"), "xl/styles.xml");
        assert_eq!(resolve("", "../../etc/passwd"), "etc/passwd");
        assert_eq!(resolve("xl", ".\\strings.xml"), "xl/strings.xml");
    }
}
