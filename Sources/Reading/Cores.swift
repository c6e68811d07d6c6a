#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ExportReader {
  /// As many jobs as the machine has processors to give.
  package static var allCores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
