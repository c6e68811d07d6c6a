import ArgumentParser

struct GenerateCommand: ParsableCommand {}
