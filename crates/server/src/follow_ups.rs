//! Drafts of earlier imports: of the rows that failed, or of the whole file once more.

use axum::response::Response;
use convoke_app::imports::draft_shape::DraftShape;
use convoke_app::once::Kept;
use convoke_app::people::id::ImportId;
use convoke_app::store::imports::Import;
use convoke_app::{Result, Workspace};

use crate::access::Importer;
use crate::address::{Path, id_of};
use crate::drafts::{DRAFTED, drafted};
use crate::once::{IdempotencyKey, Keyed};
use crate::problem::{Answer, Problems};

/// Follow an import up
///
/// Its failed rows become a draft of their own, with the same choices.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/follow-up", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    responses((status = CREATED, description = "The draft", body = DraftShape, headers(("Location" = String))), Problems)
)]
pub(crate) async fn follow_up(Importer(workspace): Importer, Path(id): Path<String>, keyed: Keyed) -> Answer<Response> {
    drafted_of(workspace, &id, keyed, Workspace::follow_up).await
}

/// Import a file once more
///
/// The file of an import, a dry run or a refused import becomes a draft of its own, with the same choices and corrected cells.
#[utoipa::path(
    post, path = "/api/v1/imports/{id}/repeat", tag = "drafts", params(("id" = String, Path), IdempotencyKey),
    responses((status = CREATED, description = "The draft", body = DraftShape, headers(("Location" = String))), Problems)
)]
pub(crate) async fn repeat(Importer(workspace): Importer, Path(id): Path<String>, keyed: Keyed) -> Answer<Response> {
    drafted_of(workspace, &id, keyed, Workspace::repeat).await
}

/// Makes a draft of an earlier import.
async fn drafted_of(
    workspace: Workspace,
    id: &str,
    keyed: Keyed,
    make: fn(&Workspace, ImportId) -> Result<Kept<Import>>,
) -> Answer<Response> {
    let id = id_of(id)?;
    let (workspace, told) = keyed.done(workspace, DRAFTED, &[], move |workspace| make(workspace, id)).await?;
    drafted(workspace, told).await
}
