//! tmp
use link::resolve::*;
fn main() {
    for l in std::io::stdin().lines() {
        let l = l.unwrap();
        let f: Vec<&str> = l.split('\t').collect();
        let (a, b) = (Name::new(f[0]), Name::new(f[1]));
        let g = Agreement::of(&a, &b);
        println!(
            "{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
            name_likeness(&a, &b),
            g.agreed,
            g.slips,
            g.short,
            g.conflict,
            g.extra,
            g.numbers,
            g.forms_differ,
            g.turned,
            (a.foreign != b.foreign) as u8
        );
    }
}
