//! Claims about the simulated world.
#[test]
fn look() {
    let t = std::time::Instant::now();
    let report = sim::world::run(std::env::var("SEED").ok().map_or(1, |s| s.parse().unwrap()), 60).unwrap();
    println!("{}", serde_json::to_string_pretty(&report).unwrap());
    println!("{:?}", t.elapsed());
}
