#include "CScanning.h"
