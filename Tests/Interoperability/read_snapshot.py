"""Opens the snapshots of a run folder with h5py and xarray, and its index as XML, and checks that they say the same.

    python3 read_snapshot.py FOLDER [--linear NAME]

--linear NAME: that field has to be x + 10 y + 100 z at the cell centres, which shows the order of the axes.
Needs h5py, xarray and h5netcdf; netCDF4 and VTK, whose XDMF reader is ParaView's, are tried as well when they are there.
"""
import argparse
import importlib.util
import pathlib
import xml.etree.ElementTree

import h5py
import numpy
import xarray

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=pathlib.Path)
arguments.add_argument("--linear")
options = arguments.parse_args()

AXES = ("z", "y", "x")
TYPES = {("Float", 4): "float32", ("Float", 8): "float64", ("UChar", 1): "uint8", ("Int", 8): "int64"}


def check_h5py(path):
    with h5py.File(path, "r") as file:
        assert file.userblock_size == 512
        spacing = file.attrs["spacing"]
        assert isinstance(file.attrs["time"], numpy.float64) and isinstance(file.attrs["step"], numpy.int64)
        assert isinstance(file.attrs["command"], str)
        for axis in AXES:
            assert file[axis].is_scale and file[axis].attrs["units"] == "m"
            numpy.testing.assert_array_equal(file[axis][:], (numpy.arange(len(file[axis])) + 0.5) * spacing)
        fields = [name for name in file if name not in AXES]
        assert fields
        for name in fields:
            dataset = file[name]
            assert dataset.shape == tuple(len(file[axis]) for axis in AXES)
            assert isinstance(dataset.attrs["units"], str) and isinstance(dataset.attrs["long_name"], str)
            for number, axis in enumerate(AXES):
                assert dataset.dims[number].keys() == [axis], (name, axis, dataset.dims[number].keys())
        if options.linear:
            x, y, z = file["x"][:], file["y"][:][:, None], file["z"][:][:, None, None]
            numpy.testing.assert_allclose(file[options.linear][:], x + 10 * y + 100 * z, rtol=2e-7)
        return fields


def check_xarray(path, engine):
    with xarray.open_dataset(path, engine=engine) as data, h5py.File(path, "r") as file:
        assert set(data.coords) == set(AXES), data.coords
        for name in data.data_vars:
            assert data[name].dims == AXES
            assert data[name].attrs["units"] == file[name].attrs["units"]
            numpy.testing.assert_array_equal(data[name].values, file[name][:])
        assert data.attrs["time"] == file.attrs["time"]
        near = data.sel(y=data.y[-1], method="nearest")
        numpy.testing.assert_array_equal(near[list(data.data_vars)[0]].values, file[list(data.data_vars)[0]][:, -1, :])
        return list(data.data_vars)


def check_index(folder):
    root = xml.etree.ElementTree.parse(folder / "run.xdmf").getroot()
    assert root.tag == "Xdmf" and root.get("Version") == "2.0"
    listed = []
    for grid in root.findall("./Domain/Grid/Grid"):
        nodes = [int(n) for n in grid.find("Topology").get("Dimensions").split()]
        assert grid.find("Topology").get("TopologyType") == "3DCoRectMesh"
        origin, spacing = grid.find("Geometry").findall("DataItem")
        assert origin.get("Precision") == spacing.get("Precision") == "8"
        for attribute in grid.findall("Attribute"):
            assert attribute.get("Center") == "Cell"
            item = attribute.find("DataItem")
            name, dataset = item.text.strip().split(":/")
            assert not pathlib.PurePath(name).is_absolute() and dataset == attribute.get("Name")
            with h5py.File(folder / name, "r") as file:
                shape = tuple(int(n) for n in item.get("Dimensions").split())
                assert file[dataset].shape == shape == tuple(n - 1 for n in nodes)
                assert file[dataset].dtype == TYPES[item.get("NumberType"), int(item.get("Precision"))]
                assert float(grid.find("Time").get("Value")) == file.attrs["time"]
                assert [float(s) for s in spacing.text.split()] == [file.attrs["spacing"]] * 3
        listed.append(name)
    return listed


def check_vtk(folder):
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkXdmfReader()
    reader.SetFileName(str(folder / "run.xdmf"))
    reader.UpdateInformation()
    information, key = reader.GetOutputInformation(0), vtk.vtkStreamingDemandDrivenPipeline.TIME_STEPS()
    times = [information.Get(key, i) for i in range(information.Length(key))]
    assert len(times) == len(snapshots)
    for time, snapshot in zip(times, snapshots):
        reader.UpdateTimeStep(time)
        image = reader.GetOutputDataObject(0)
        with h5py.File(snapshot, "r") as file:
            assert time == file.attrs["time"]
            assert image.GetDimensions() == tuple(len(file[axis]) + 1 for axis in ("x", "y", "z"))
            assert image.GetSpacing() == (file.attrs["spacing"],) * 3
            cells = image.GetCellData()
            names = [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())]
            assert sorted(names) == sorted(name for name in file if name not in AXES)
            for name in names:
                numpy.testing.assert_array_equal(vtk_to_numpy(cells.GetArray(name)), file[name][:].ravel())
    return "VTK " + vtk.VTK_VERSION


engines = ["h5netcdf"] + (["netcdf4"] if importlib.util.find_spec("netCDF4") else [])
snapshots = sorted((options.folder / "snapshots").glob("*.h5"))
assert snapshots, f"{options.folder} has no snapshots"
for snapshot in snapshots:
    names = check_h5py(snapshot)
    for engine in engines:
        assert sorted(check_xarray(snapshot, engine)) == sorted(names)
assert [options.folder / name for name in check_index(options.folder)] == snapshots
readers = [check_vtk(options.folder)] if importlib.util.find_spec("vtk") else []
print(f"{len(snapshots)} snapshots: h5py {h5py.__version__}, xarray {xarray.__version__} with {', '.join(engines + readers)}, index: all agree")
