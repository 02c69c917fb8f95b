//! The asynchronous rim: HTTP in, one plain question to a page, HTTP out. Who may ask, forms that come from
//! elsewhere, limits and headers are settled here once, for every address.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::App;
use crate::ask::{Ask, Problem, Visitor};
use crate::body;
use crate::endpoint::{Endpoint, May, Method};
use crate::fields::Fields;
use crate::language::Language;
use crate::session::Pulse;
use crate::{answer, areas, gate, pages};

/// The pages and the JSON interface before a node.
pub fn router(app: App) -> Router {
    let app = Arc::new(app);
    let mut router = Router::new();
    for endpoint in areas::endpoints() {
        router = router.route(endpoint.path, route(endpoint));
    }
    let missing = |State(app): State<Arc<App>>, request: Request| async move {
        let (parts, _) = request.into_parts();
        let ask = question(&app, &parts, Fields::default());
        answer::problem(&ask, &Problem::NotFound)
    };
    router.fallback(missing).with_state(app)
}

fn route(endpoint: &'static Endpoint) -> MethodRouter<Arc<App>> {
    let filter = match endpoint.method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
    };
    on(filter, move |State(app): State<Arc<App>>, params: RawPathParams, request: Request| async move {
        let mut named = Fields::default();
        params.iter().for_each(|(name, value)| named.push(name, value));
        respond(app, endpoint, named, request).await
    })
}

/// One request from its first line to its answer.
async fn respond(app: Arc<App>, endpoint: &'static Endpoint, params: Fields, request: Request) -> Response {
    let started = std::time::Instant::now();
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let response = exchange(app, endpoint, params, parts, body).await;
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    if endpoint.may != May::Anyone || !response.status().is_success() {
        tracing::info!(%method, path, status = response.status().as_u16(), millis, "asked");
    }
    response
}

async fn exchange(
    app: Arc<App>,
    endpoint: &'static Endpoint,
    params: Fields,
    parts: Parts,
    body: Body,
) -> Response {
    let opening = question(&app, &parts, params);
    let asked = blocking(opening, move |ask| Ok((admit(ask, endpoint, &parts)?, entries(ask)?, parts))).await;
    let (mut ask, parts) = match asked {
        Ok((mut ask, (visitor, entries, parts))) => {
            (ask.visitor, ask.entries) = (visitor, entries);
            (ask, parts)
        }
        Err(response) => return *response,
    };
    match body::read(&parts.headers, body, endpoint.limit()).await {
        Ok(sent) => (ask.form, ask.upload, ask.files) = (sent.form, sent.upload, sent.files),
        Err(problem) => return answer::problem(&ask, &problem),
    }
    let drawn = blocking(ask, move |ask| {
        gate::same_site(ask, endpoint)?;
        (endpoint.answer)(ask)
    });
    match drawn.await {
        Ok((ask, reply)) => answer::reply(&ask, reply),
        Err(response) => *response,
    }
}

/// Runs `work` on a thread that may block; what it says is wrong becomes the response.
async fn blocking<T: Send + 'static>(
    ask: Ask,
    work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
) -> Result<(Ask, T), Box<Response>> {
    let run = move || match work(&ask) {
        Ok(done) => Ok((ask, done)),
        Err(problem) => Err(Box::new(answer::problem(&ask, &problem))),
    };
    tokio::task::spawn_blocking(run).await.unwrap_or_else(|stopped| {
        tracing::error!(%stopped, "a page stopped in its middle");
        Err(Box::new(answer::bare(500)))
    })
}

/// How far the record is, for somebody whose page will be told what changes.
fn entries(ask: &Ask) -> Result<u64, Problem> {
    match &ask.visitor {
        Visitor::Person { .. } => ask.read(|look| look.size()),
        Visitor::Stranger { .. } | Visitor::Program { .. } => Ok(0),
    }
}

/// Who asks, if they may.
fn admit(ask: &Ask, endpoint: &Endpoint, parts: &Parts) -> Result<Visitor, Problem> {
    match endpoint.may {
        May::Anyone => Ok(ask.visitor.clone()),
        May::SignedIn | May::Readers | May::Roles(_) => match &ask.visitor {
            Visitor::Person { session, .. } if endpoint.may.allows(&session.role) => Ok(ask.visitor.clone()),
            Visitor::Person { .. } => Err(Problem::Forbidden),
            Visitor::Stranger { .. } | Visitor::Program { .. } => Err(Problem::SignIn),
        },
        May::Programs(roles) => gate::program(ask, bearer(&parts.headers), roles),
    }
}

fn question(app: &Arc<App>, parts: &Parts, params: Fields) -> Ask {
    let (headers, now) = (&parts.headers, app.node.now());
    let visitor = visitor(app, headers);
    let language = match &visitor {
        Visitor::Person { session, .. } => session.language,
        Visitor::Stranger { .. } | Visitor::Program { .. } => spoken(app, headers),
    };
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    Ask {
        app: Arc::clone(app),
        visitor,
        language,
        params,
        query: Fields::read(parts.uri.query().unwrap_or_default().as_bytes()),
        form: Fields::default(),
        upload: None,
        files: Vec::new(),
        address: parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        client: peer.map_or_else(String::new, |ConnectInfo(address)| address.ip().to_string()),
        now,
        entries: 0,
    }
}

fn visitor(app: &App, headers: &HeaderMap) -> Visitor {
    let pulse = if headers.contains_key(pages::SCRIPT) { Pulse::Script } else { Pulse::Reader };
    let known = cookie(headers, &app.session_cookie())
        .and_then(|token| app.sessions.find(token, app.node.now(), pulse).map(|session| (token, session)));
    match known {
        Some((token, session)) => Visitor::Person { token: token.to_owned(), session: Box::new(session) },
        None => Visitor::Stranger {
            form_token: cookie(headers, &app.form_cookie()).unwrap_or_default().to_owned(),
        },
    }
}

fn spoken(app: &App, headers: &HeaderMap) -> Language {
    let chosen = cookie(headers, pages::LANGUAGE_COOKIE).and_then(Language::of);
    let accepted = || Language::accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or(app.language)
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ").map(str::trim)
}
