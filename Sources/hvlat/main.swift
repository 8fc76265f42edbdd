print("hvlat")
