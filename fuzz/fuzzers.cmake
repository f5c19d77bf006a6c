# Every parser has a fuzzer with a law: convene_fuzzer(name layers...), fuzz/<name>_fuzz.cc, seeds in fuzz/corpus/<name>/.
