//! Every address of the server, with its place in the document of the API, and what holds for all answers.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use convoke_app::Installation;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access::Doors;
use crate::once::UnderWay;
use crate::problem::Problem;
use crate::progress::Followers;
use crate::rate::{Rates, limited};
use crate::requests::{RequestIds, told};
use crate::work::Work;
use crate::{
    audit, docs, document, drafts, fields, files, follow_ups, groups, health, imports, joining, mappings, members,
    oidc, pages, people, progress, sessions, tags, tokens, uploading, workspaces,
};

/// What handlers share.
#[derive(Clone, FromRef)]
pub(crate) struct Shared {
    pub(crate) installation: Installation,
    pub(crate) work: Work,
    pub(crate) followers: Followers,
    pub(crate) doors: Doors,
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
        .routes(routes!(drafts::values))
        .routes(routes!(drafts::corrections, drafts::correct, drafts::take_back))
        .routes(routes!(drafts::confirm))
        .routes(routes!(drafts::keep))
        .routes(routes!(follow_ups::follow_up))
        .routes(routes!(follow_ups::repeat))
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
        .merge(access())
}

/// Who may sign in, and what each may do.
fn access() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(joining::first_owner))
        .routes(routes!(sessions::show, sessions::sign_in, sessions::sign_out))
        .routes(routes!(sessions::change_password))
        .routes(routes!(sessions::choose_workspace))
        .routes(routes!(sessions::list, sessions::end_others))
        .routes(routes!(sessions::end))
        .routes(routes!(workspaces::list, workspaces::make))
        .routes(routes!(workspaces::show, workspaces::change))
        .routes(routes!(members::list))
        .routes(routes!(members::change, members::remove))
        .routes(routes!(members::leaving))
        .routes(routes!(joining::list, joining::invite))
        .routes(routes!(joining::accept))
        .routes(routes!(joining::revoke))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(audit::list))
        .routes(routes!(audit::export))
        .routes(routes!(audit::of_installation))
        .routes(routes!(oidc::begin))
        .routes(routes!(oidc::back))
}

pub(crate) fn router(shared: Shared, ids: RequestIds) -> Router {
    let same_site = shared.doors.same_site();
    let is_https = shared.doors.is_https();
    Router::from(documented())
        .merge(docs::pages())
        .fallback(pages::page)
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This address does not take that", "")
        })
        // An upload is as long as the limit of an import says, which is counted while it is stored.
        .layer(DefaultBodyLimit::disable())
        .layer(same_site)
        .layer(from_fn_with_state(Rates::default(), limited))
        .layer(from_fn(move |request, next| told(ids.clone(), request, next)))
        .layer(from_fn(move |request, next| guarded(is_https, request, next)))
        .with_state(shared)
}

/// Answers are data: nothing of them runs, is framed, guessed at or kept.
const DATA: [(HeaderName, &str); 4] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];
/// Browsers that came by https once come by nothing else for a year.
const HTTPS: (HeaderName, &str) = (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");

async fn guarded(is_https: bool, request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in DATA.into_iter().chain(is_https.then_some(HTTPS)) {
        // The page about the API has a policy of its own.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
