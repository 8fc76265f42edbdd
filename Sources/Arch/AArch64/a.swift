import SepKernel
#if hasFeature(Embedded)
internal import ArchShims
public func uart(_ c: UInt8) { shim_store8(0x0900_0000, c) }
#endif
