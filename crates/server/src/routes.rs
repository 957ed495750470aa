//! Every address of the server, with its place in the document of the API, and what holds for all answers.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use convoke_app::Installation;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::once::UnderWay;
use crate::problem::Problem;
use crate::rate::{Rates, limited};
use crate::work::Work;
use crate::{
    docs, document, drafts, fields, files, groups, health, imports, mappings, people, progress, tags, uploading,
};

/// What handlers share.
#[derive(Clone, FromRef)]
pub(crate) struct Shared {
    pub(crate) installation: Installation,
    pub(crate) work: Work,
    pub(crate) under_way: UnderWay,
}

/// All that the document tells.
pub(crate) fn documented() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(document::frame())
        .routes(routes!(imports::list, uploading::import))
        .routes(routes!(uploading::check))
        .routes(routes!(uploading::draft))
        .routes(routes!(drafts::show, drafts::change))
        .routes(routes!(drafts::check))
        .routes(routes!(drafts::plan))
        .routes(routes!(drafts::rows))
        .routes(routes!(drafts::corrections, drafts::correct, drafts::take_back))
        .routes(routes!(drafts::confirm))
        .routes(routes!(drafts::keep))
        .routes(routes!(drafts::follow_up))
        .routes(routes!(imports::show))
        .routes(routes!(imports::report))
        .routes(routes!(progress::events))
        .routes(routes!(imports::pause))
        .routes(routes!(imports::resume))
        .routes(routes!(imports::cancel))
        .routes(routes!(files::file))
        .routes(routes!(people::list))
        .routes(routes!(people::export))
        .routes(routes!(people::show))
        .routes(routes!(people::template))
        .routes(routes!(groups::list, groups::make))
        .routes(routes!(groups::show, groups::change, groups::delete))
        .routes(routes!(tags::list, tags::make))
        .routes(routes!(tags::show, tags::change, tags::delete))
        .routes(routes!(fields::list, fields::make))
        .routes(routes!(fields::show, fields::change, fields::delete))
        .routes(routes!(mappings::list, mappings::make))
        .routes(routes!(mappings::show, mappings::change, mappings::delete))
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(document::json))
}

pub(crate) fn router(shared: Shared) -> Router {
    Router::from(documented())
        .merge(docs::pages())
        .fallback(async || Problem::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address", ""))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that", "")
        })
        // An upload is as long as the limit of an import says, which is counted while it is stored.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Rates::default(), limited))
        .layer(from_fn(guarded))
        .with_state(shared)
}

/// Answers are data: nothing of them runs, is framed, guessed at or kept.
async fn guarded(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in headers {
        // The page about the API has a policy of its own.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
