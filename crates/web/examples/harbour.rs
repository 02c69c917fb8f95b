//! The pages before a harbour in memory, to be looked at: `cargo run -p web --example harbour -- 127.0.0.1:8701`;
//! a number behind the address is how many more consignments are declared. Sign in
//! as a role with that role and `-password`, such as `gate-officer` and `gate-officer-password`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use web::{App, Transport};

#[path = "../tests/harbour/mod.rs"]
#[expect(dead_code, reason = "tests use more of it")]
mod harbour;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8701".into());
    let more = std::env::args().nth(2).and_then(|count| count.parse().ok()).unwrap_or(0);
    let harbour = Arc::new(
        tokio::task::spawn_blocking(move || {
            let harbour = harbour::Harbour::morning(28);
            harbour.doubt();
            harbour.take_back();
            harbour.declare_many(more);
            harbour
        })
        .await
        .expect("a morning"),
    );
    let router = web::router(App::new(harbour.clone(), Transport::Loopback));
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            harbour.pass(1);
            let carried = harbour.clone();
            let settled = tokio::task::spawn_blocking(move || carried.settle());
            settled.await.expect("the partners carry what is owed");
        }
    });
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await
}
