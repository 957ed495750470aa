//! `inspect FILE`: works before there is any database; where there is one, its custom fields and earlier choices count.

use anyhow::Result;
use convoke_app::imports::{Candidate, Inspector};
use convoke_app::people::record_type::RecordType;
use convoke_app::pipeline::settings::Settings;

use super::DONE;
use crate::args::{Global, InspectArgs};
use crate::print::inspection;
use crate::{open, output};

pub(super) fn run(global: &Global, args: &InspectArgs) -> Result<u8> {
    let workspace = if open::may_exist(global)? { open::to_read(global)? } else { None };
    // Advocates and prospects share most columns; the likelier comes first.
    let types = [RecordType::Advocate, RecordType::Prospect, RecordType::Creator];
    let mut candidates = Vec::new();
    for of in types.into_iter().filter(|of| args.record_type.is_none_or(|said| said == *of)) {
        candidates.push(match &workspace {
            Some(workspace) => workspace.candidate(of)?,
            None => Candidate { settings: Settings::new(of), remembered: Vec::new() },
        });
    }
    let inspector = Inspector { workbooks: &open::workbooks()?, limit_bytes: open::limits(global).bytes, candidates };
    let found = inspector.inspect(&args.file, &args.reading.hints())?;
    output::print(&if global.json { inspection::json(&found) } else { inspection::text(&found) })?;
    Ok(DONE)
}
