//! Some seeds of the transit play; ten thousand are a command: `sampan transit simulate --seeds 10000`.

#[test]
fn no_seed_leaves_countries_in_contradiction_or_a_guarantee_leaked() {
    for seed in 0..300 {
        if let Err(what) = sim::transit::run(seed) {
            panic!("seed {seed}: {what}");
        }
    }
}
