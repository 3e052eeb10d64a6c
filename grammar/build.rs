//! Build script: turns `grammar/*.lalrpop` into the parser that `src/syntax/parser.rs` includes.

fn main() {
    println!("cargo:rerun-if-changed=grammar");
    lalrpop::Configuration::new()
        .set_in_dir("grammar")
        .set_out_dir(std::env::var("OUT_DIR").expect("cargo sets OUT_DIR"))
        .emit_rerun_directives(true)
        .process()
        .expect("the grammar is accepted by LALRPOP");
}
