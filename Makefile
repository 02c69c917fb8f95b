# Two commands are all there is: `make demo` runs the main job, `make test` passes the tests.

.PHONY: demo test

demo:
	scripts/tools build
	cargo build --release --package sampan
	$${CARGO_TARGET_DIR:-target}/release/sampan demo

test:
	scripts/tools test
	scripts/test
