//! Two nodes in processes of their own, killed at random while items pass between them: nothing is lost, nothing doubled.

mod process;

use std::process::ExitCode;
use std::time::Duration;

use process::Process;

/// How many kills; more at night.
const KILLS: &str = "SAMPAN_TEST_KILLS";
const ITEMS: usize = 60;

fn main() -> ExitCode {
    if let Some(code) = process::be_what_is_asked() {
        return code;
    }
    let kills = std::env::var(KILLS).ok().and_then(|kills| kills.parse().ok()).unwrap_or(10);
    play(kills);
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "a test of its own harness says itself what it did")]
fn play(kills: u32) {
    let (mut th, mut vn) = (Process::new("TH"), Process::new("VN"));
    th.knows(&vn);
    vn.knows(&th);
    for node in [&mut th, &mut vn] {
        node.start();
        node.ask("POST", "/agree", "");
    }
    let mut seed = u64::from(std::process::id());
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut killed = 0;
    for number in 0..ITEMS {
        th.insist("POST", "/take", &number.to_string());
        if killed < kills && draw(ITEMS as u64) < u64::from(kills) * 2 {
            std::thread::sleep(Duration::from_millis(draw(120)));
            let node = if draw(2) == 0 { &mut th } else { &mut vn };
            node.kill();
            node.start();
            killed += 1;
        }
    }
    while killed < kills {
        std::thread::sleep(Duration::from_millis(draw(150)));
        let node = if draw(2) == 0 { &mut th } else { &mut vn };
        let before = node.id();
        node.kill();
        node.start();
        assert_ne!(node.id(), before, "another process, the same node");
        killed += 1;
    }
    vn.wait_for("received", &format!("readable {ITEMS}\n"));
    th.wait_for("sent", &format!("answered {ITEMS}\n"));
    th.wait_for("received", &format!("readable {ITEMS}\n"));
    vn.wait_for("sent", &format!("receipted {ITEMS}\n"));
    for node in [th, vn] {
        node.stop_and_verify();
    }
    println!("{killed} kills, {ITEMS} items: nothing lost, nothing doubled, both records sound");
}
