//! Published and foreign-made values: the RFC 6962 example tree, signed notes, a cosignature.

use ledger::{
    Checkpoint, ConsistencyProof, Hash, InclusionProof, Log, Note, Purpose, Reader, Signer, Submission,
    VerifierKey, Witness, leaf_hash,
};

use crate::support;

const LEAVES: [&[u8]; 8] = [
    b"",
    b"\x00",
    b"\x10",
    b"\x20\x21",
    b"\x30\x31",
    b"\x40\x41\x42\x43",
    b"\x50\x51\x52\x53\x54\x55\x56\x57",
    b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
];

/// Roots of the first 0, 1, 2, ... leaves.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hash(hex: &str) -> Hash {
    let byte = |place: usize| u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).expect("hex");
    Hash::from_bytes(std::array::from_fn(byte))
}

fn example() -> (Log, support::Files) {
    let (mut log, mut files) = (Log::create("PeterNeumann"), support::Files::new());
    support::keep(&mut files, log.append(&LEAVES).expect("short"));
    (log, files)
}

#[test]
fn the_roots_of_the_example_tree_are_the_published_ones() {
    let mut log = Log::create("example");
    assert_eq!(log.root(), hash(ROOTS[0]));
    for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
        log.append(&[leaf]).unwrap();
        assert_eq!(log.root(), hash(root));
    }
    let (_, files) = example();
    for (size, root) in (0..).zip(ROOTS) {
        assert_eq!(Reader::new(&files, 8).root(size), Ok(hash(root)));
    }
}

#[test]
fn inclusion_proofs_of_the_example_tree_are_the_published_ones() {
    let (_, files) = example();
    let check = |index: u64, size: u64, hashes: &[&str]| {
        let proof = Reader::new(&files, 8).inclusion(index, size).unwrap();
        assert_eq!(
            proof,
            InclusionProof { index, size, hashes: hashes.iter().map(|hex| hash(hex)).collect() }
        );
        proof.verify(&leaf_hash(LEAVES[index as usize]), &hash(ROOTS[size as usize])).unwrap();
    };
    check(0, 1, &[]);
    check(
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check(
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check(2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]);
    check(
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
}

#[test]
fn consistency_proofs_of_the_example_tree_are_the_published_ones() {
    let (_, files) = example();
    let check = |old: u64, new: u64, hashes: &[&str]| {
        let proof = Reader::new(&files, 8).consistency(old, new).unwrap();
        assert_eq!(
            proof,
            ConsistencyProof { old, new, hashes: hashes.iter().map(|hex| hash(hex)).collect() }
        );
        proof.verify(&hash(ROOTS[old as usize]), &hash(ROOTS[new as usize])).unwrap();
    };
    check(1, 1, &[]);
    check(
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check(
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check(
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
    check(
        6,
        7,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
}

#[test]
fn the_specification_s_note_holds_under_its_verifier_key() {
    let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let key: VerifierKey = text.parse().unwrap();
    assert_eq!((key.name(), key.id(), key.purpose()), ("example.com/foo", 0x530d_903a, Purpose::Log));
    assert_eq!(key.to_string(), text);
    let note = "This is an example message.\n\n— example.com/foo \
                Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!(note.check(std::slice::from_ref(&key)).unwrap(), [(&key, None)]);
}

#[test]
fn signing_the_reference_implementation_s_text_gives_its_published_bytes() {
    let secret = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let signer = Signer::from_secret_text(secret).unwrap();
    assert_eq!(signer.secret_text(), secret);
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(signer.verifier().to_string(), public);
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = Note::new(text.to_owned()).unwrap().with(signer.sign(text).unwrap());
    let line = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    assert_eq!(note.to_string(), format!("{text}\n{line}\n"));
}

/// The note was made with golang.org/x/mod/sumdb/note 0.42 and transparency-dev/formats 0.1.1.
#[test]
fn a_cosigned_checkpoint_is_the_one_another_implementation_makes_from_the_same_keys_and_time() {
    let foreign = "PeterNeumann\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n\
                   — PeterNeumann x08gozdSgLMzAnw63LH1RGViJhUfW60EUGKY7Kmr004fQNOSqfrcd1hIk3BCtdcLWIqvGtX67sL24VN+44uTlxMnbAA=\n\
                   — EnochRoot uoaeKQAAAABrAv7MJuauAe50K3At1S9HB2DZBIMLGTVf8aJy+1DRwAhKAymfMw4PFuw3q6OT4zGezFNZVl034cBc+qzxElxFwd4pDQ==\n";
    let signer = Signer::from_secret_text(
        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
    )
    .unwrap();
    let seed = *Hash::from_base64("O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik=").unwrap().as_bytes();
    let witness = Signer::generate("EnochRoot", Purpose::Witness, seed).unwrap();
    let (log, _) = example();
    let checkpoint = log.checkpoint(&signer).unwrap();
    assert_eq!(checkpoint.checkpoint(), &Checkpoint::new("PeterNeumann", 8, hash(ROOTS[8])).unwrap());
    let submission = Submission { old: 0, hashes: Vec::new(), checkpoint: checkpoint.to_bytes() };
    let cosigned =
        Witness { signer: &witness, log: signer.verifier() }.cosign(&submission, None, 1_795_358_412);
    assert_eq!(String::from_utf8(cosigned.unwrap().checkpoint.to_bytes()).unwrap(), foreign);
    let keys = [witness.verifier().clone()];
    let times = Note::parse(foreign.as_bytes()).unwrap().check(&keys).unwrap()[0].1;
    assert_eq!(times, Some(1_795_358_412));
}
